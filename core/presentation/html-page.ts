import { createHash } from "node:crypto"
import { definitions, icon, Markup, markup } from "./html-markup.js"
import { style } from "./html-style.js"

/** Parts of every report's page: the frame, the verdict at the top, the tiles below it. */

export interface Page {
  title: string
  header: Markup
  main: Markup
  footer: Markup
  /** Additional styles of this report. */
  style?: string
  /** The only script that may run. */
  script?: string
}

/** What a gate shows on the page of a whole run. */
export interface PagePart {
  /** A section. */
  html: Markup
  /** Styles that the kit does not have. */
  style: string
}

export function page({ title, header, main, footer, style: own = "", script }: Page): string {
  const scripts =
    script === undefined
      ? ""
      : markup`
<script>${new Markup(script)}</script>`
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${new Markup(style + own)}</style></head>
<body>${definitions}${header}
<main>${main}</main>
<footer>${footer}</footer>${scripts}</body></html>
`.source
}

/** Whatever the page contains, only our script runs and nothing is fetched. */
function policy(script: string | undefined): string {
  const ours = script === undefined ? "'none'" : `'sha256-${createHash("sha256").update(script).digest("base64")}'`
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${ours}; base-uri 'none'; form-action 'none'`
}

/** @param line begins with the verdict: `FAILED: …` */
export function verdict({
  line,
  passed,
  about,
}: {
  line: string
  passed: boolean
  about: [name: string, value: Markup][]
}): Markup {
  const [word, words] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]
  return markup`<header class="verdict ${passed ? "passed" : "failed"}"><div>
<div class="headline">${icon(passed ? "pass" : "fail")}<div><h1>${word}</h1><p class="words">${words}</p></div></div>
<dl class="about">${about.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</div></header>`
}

export function tile(name: string, value: string, bad: boolean, remark = ""): Markup {
  return markup`<div${bad ? markup` class="bad"` : ""}><dt>${name}</dt><dd>${value}${remark === "" ? "" : markup` <small>${remark}</small>`}</dd></div>`
}
