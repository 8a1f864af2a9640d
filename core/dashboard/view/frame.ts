import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { webPage } from "../../presentation/web-page.js"
import { version } from "../../shared/version.js"
import type { Position } from "../reading/rows.js"
import { type Clock, moment, zonesLine } from "./time.js"

export interface View {
  readonly title: string
  readonly main: Markup
}

export interface Frame {
  readonly service: string
  readonly clock: Clock
  readonly path: string
  /** What the page shows; null: the ledger was not read for it. */
  readonly shown: { readonly position: Position; readonly ageMs: number } | null
  readonly signedIn: boolean
}

const PLACES = [
  ["/", "Environments"],
  ["/history", "History"],
] as const

export function framed({ title, main }: View, frame: Frame): string {
  const { service, clock, path, shown, signedIn } = frame
  return webPage({
    title: `${title} · ${service} · Tollgate`,
    header: markup`<header class="top"><div>
<p class="brand"><strong>Tollgate</strong> ${service}</p>
${signedIn ? navigation(path) : nothing}
</div></header>
${signedIn ? freshness(shown, clock) : nothing}`,
    main,
    footer: markup`<p>${zonesLine(clock)} Read only: this page changes nothing. Tollgate ${version}.</p>`,
    styles: ["/assets/dashboard.css"],
    scripts: ["/assets/idiomorph.js", "/assets/dashboard.js"],
  })
}

function navigation(path: string): Markup {
  return markup`<nav aria-label="Pages"><ul>${PLACES.map(
    ([to, words]) =>
      markup`<li><a href="${to}"${to === path ? markup` aria-current="page"` : nothing}>${words}</a></li>`,
  )}</ul></nav>
<form method="post" action="/sign-out"><button>Sign out</button></form>`
}

/** How old the page is. The script counts on from `data-age`, without the browser's wall clock. */
function freshness(shown: Frame["shown"], clock: Clock): Markup {
  if (shown === null)
    return markup`<section id="freshness" class="freshness" aria-label="Age of the data" data-number="-1"><p>No data is shown.</p></section>`
  const { position, ageMs } = shown
  return markup`<section id="freshness" class="freshness" aria-label="Age of the data" data-number="${position.number}" data-age="${Math.round(ageMs)}"><p>Ledger read at ${moment(clock, position.at)}, event ${position.number}. <span id="age"></span><noscript>Reload the page to read it again.</noscript></p>
<div id="connection" class="connection" role="status"></div></section>`
}
