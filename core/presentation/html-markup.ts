import { plainText } from "../shared/plain-text.js"
import { escapeMarkup } from "./plain-text.js"

/** Trusted HTML of this program. The `markup` tag escapes everything else. */
export class Markup {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

export type Part = Markup | string | number | Part[]

/** Escapes every part that is not Markup, so that no text of the app becomes an element. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((all, string, index) => all + render(parts[index - 1] ?? "") + string))
}

function render(part: Part): string {
  if (part instanceof Markup) return part.source
  if (Array.isArray(part)) return part.map(render).join("")
  return escapeMarkup(plainText(String(part)))
}

export const nothing = new Markup("")

export function icon(kind: "pass" | "fail" | "skip"): Markup {
  return markup`<svg class="icon ${kind}" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-${kind}"/></svg>`
}

/** Shapes differ as well as colours: a circle, an octagon, a dashed ring; failed parts of a bar are hatched. */
export const definitions = markup`<svg width="0" height="0" class="definitions" aria-hidden="true"><defs>
<symbol id="icon-pass" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8"/><path d="M4.4 8.3l2.5 2.5 4.8-5.2"/></symbol>
<symbol id="icon-fail" viewBox="0 0 16 16"><path class="body" d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z"/><path d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6"/></symbol>
<symbol id="icon-skip" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.9"/><path d="M5 8h6"/></symbol>
<pattern id="hatch-fail" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="fail" width="8" height="8"/><rect class="cut" width="2" height="8"/></pattern>
<pattern id="hatch-earlier" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="soft" width="2" height="6"/></pattern>
</defs></svg>`

/** A stacked bar; positions are percentages of the full width. */
export function bar(parts: { kind: string; from: number; width: number }[], height: number, marker?: number): Markup {
  const rects = parts
    .filter((part) => part.width > 0)
    .map(
      (part) =>
        markup`<rect class="${part.kind}" x="${figure(part.from)}%" width="${figure(part.width)}%" height="${height}"/>`,
    )
  const line =
    marker === undefined ? nothing : markup`<rect class="marker" x="${figure(marker)}%" width="2" height="${height}"/>`
  return markup`<svg class="bar" width="100%" height="${height}" aria-hidden="true">${rects}${line}</svg>`
}

export function figure(value: number): string {
  return String(Math.round(value * 100) / 100)
}

export function block(title: string, text: string, open = false): Markup {
  return text.trim() === ""
    ? nothing
    : markup`<details${open ? markup` open` : ""}><summary>${title}</summary><pre tabindex="0">${text}</pre></details>`
}
