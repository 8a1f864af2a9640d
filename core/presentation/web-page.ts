import { definitions, type Markup, markup } from "./html-markup.js"

/** A page of a web server under a strict CSP: its styles and scripts are files of the same server. A report is one file instead. */
export interface WebPage {
  title: string
  header: Markup
  main: Markup
  footer: Markup
  /** Paths on this server. */
  styles: readonly string[]
  scripts: readonly string[]
}

export function webPage({ title, header, main, footer, styles, scripts }: WebPage): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>
${styles.map((path) => markup`<link rel="stylesheet" href="${path}">`)}${scripts.map((path) => markup`<script src="${path}" defer></script>`)}</head>
<body>${definitions}<a class="skip-link" href="#main">Skip to the content</a>
${header}
<main id="main" tabindex="-1">${main}</main>
<footer>${footer}</footer></body></html>
`.source
}
