import { clip, escapeMarkup, oneLine } from "./plain-text.js"

const longestBlock = 6000

/** Escapes text for Markdown and for HTML blocks within it: entities are never read as structure. */
function escaped(raw: string, limit: number): string {
  return oneLine(clip(raw, limit)).replace(special, (character) => `&#${character.charCodeAt(0)};`)
}

const special = /[&<>"'\\`*[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g

/** An `@name` or `#1` in the app's text must not mention a user or link an issue. */
export function text(raw: string, limit = 400): string {
  return escaped(raw, limit).replace(/(?<!&)[@#](?=\w)/g, "$&&#8203;")
}

/** GitHub creates no links within `<code>`. */
export function code(raw: string, limit = 400): string {
  const inner = escaped(raw, limit)
  return inner === "" ? "" : `<code>${inner}</code>`
}

export function pre(raw: string): string {
  return `<pre>\n${escapeMarkup(clip(raw, longestBlock))}\n</pre>`
}

export function details(summary: string, ...body: string[]): string {
  return [`<details><summary>${summary}</summary>`, ...body, "</details>"].join("\n\n")
}

export function table(titles: string[], alignments: ("left" | "right")[], rows: string[][]): string {
  const rule = alignments.map((alignment) => (alignment === "right" ? "---:" : "---"))
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}
