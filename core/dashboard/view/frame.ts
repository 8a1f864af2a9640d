import { icon, Markup, markup, nothing } from "../../presentation/html-markup.js"
import { webPage } from "../../presentation/web-page.js"
import { version } from "../../shared/version.js"
import type { Position } from "../reading/rows.js"
import { type Clock, moment, zonesLine } from "./time.js"

export interface View {
  readonly title: string
  readonly main: Markup
  /** Whether it has, or may get, charts: their script is on no other page. */
  readonly charts?: boolean
}

export interface Frame {
  readonly service: string
  readonly clock: Clock
  readonly path: string
  /** What the page shows; null: the ledger was not read for it. */
  readonly shown: { readonly position: Position; readonly ageMs: number } | null
  /** Of this session's forms; null: not signed in. */
  readonly token: string | null
  /** Name of the account that signed in; null: a link did, or nobody. */
  readonly person: string | null
  /** What is wrong with tollgate.yaml; null: nothing. */
  readonly invalid: { readonly since: number; readonly problems: readonly string[] } | null
}

const PLACES = [
  ["/", "Environments"],
  ["/pipeline", "Pipeline"],
  ["/history", "History"],
  ["/key", "Your key"],
] as const

/** The main part of each page, as it is sent: two hundred browsers that ask for one page get the same bytes. */
const sent = new WeakMap<View, Buffer>()
/** No text on a page has this character. */
const HERE = "\u0000"

export function framed(view: View, frame: Frame): Buffer<ArrayBuffer> {
  const [before = "", after = ""] = around(view, frame).split(HERE)
  const main = sent.get(view) ?? Buffer.from(view.main.source)
  sent.set(view, main)
  return Buffer.concat([Buffer.from(before), main, Buffer.from(after)])
}

function around({ title, charts = false }: View, frame: Frame): string {
  const { service, clock, path, shown, token, person, invalid } = frame
  return webPage({
    title: `${title} · ${service} · Tollgate`,
    header: markup`<header class="top"><div>
<p class="brand"><strong>Tollgate</strong> ${service}</p>
${token === null ? nothing : navigation(path, person)}
</div></header>
${token === null ? nothing : freshness(shown, token, clock, invalid)}`,
    main: new Markup(HERE),
    footer: markup`<p>${zonesLine(clock)} The dashboard has no key of a target: it reads the ledger, and writes requests that people sign. Tollgate ${version}.</p>`,
    styles: ["/assets/dashboard.css", ...(charts ? ["/assets/charts.css"] : [])],
    scripts: [
      "/assets/idiomorph.js",
      "/assets/dashboard.js",
      ...(charts ? ["/assets/uplot.js", "/assets/charts.js"] : []),
    ],
  })
}

function navigation(path: string, person: string | null): Markup {
  return markup`<nav aria-label="Pages"><ul>${PLACES.map(
    ([to, words]) =>
      markup`<li><a href="${to}"${to === path ? markup` aria-current="page"` : nothing}>${words}</a></li>`,
  )}</ul></nav>
<form method="post" action="/sign-out">${person === null ? nothing : markup`<span class="person">Signed in as ${person}</span>`}<button>Sign out</button></form>`
}

/** How old the page is. The script counts on from `data-age`, without the browser's wall clock. */
function freshness(shown: Frame["shown"], token: string, clock: Clock, invalid: Frame["invalid"]): Markup {
  if (shown === null)
    return markup`<section id="freshness" class="freshness" aria-label="Age of the data" data-number="-1" data-token="${token}"><p>No data is shown.</p></section>`
  const { position, ageMs } = shown
  return markup`<section id="freshness" class="freshness" aria-label="Age of the data" data-number="${position.number}" data-age="${Math.round(ageMs)}" data-at="${position.at}" data-token="${token}"><p>Ledger read at ${moment(clock, position.at)}, event ${position.number}. <span id="age"></span><noscript>Reload the page to read it again.</noscript></p>
${invalid === null ? nothing : settingsProblem(invalid, clock)}<div id="connection" class="connection" role="status"></div></section>`
}

/** The pages go on with the last good one. */
function settingsProblem({ since, problems }: NonNullable<Frame["invalid"]>, clock: Clock): Markup {
  return markup`<details id="settings-problem"><summary>${icon("fail")} tollgate.yaml is invalid since ${moment(clock, new Date(since).toISOString())}. The last valid one is used.</summary><pre tabindex="0">${problems.join("\n")}</pre></details>`
}
