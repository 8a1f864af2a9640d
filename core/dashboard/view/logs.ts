import type { ReleaseRecord } from "../../ledger/ledger.js"
import type { StoredLine } from "../../ledger/logs/rows.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { isFiltered, type LogFilter, logQuery } from "../model/log-filter.js"
import { ageWords, countWords, missingWords, noLinesWords } from "../model/log-lines.js"
import type { LineFacts } from "../reading/lines.js"
import { card } from "./parts.js"
import { type Clock, moment } from "./time.js"

export interface LogsPart {
  readonly lines: LineFacts
  readonly filter: LogFilter
  /** Of the page, without its query. */
  readonly address: string
  /** The ledger's clock. */
  readonly now: Date
}

/** What the containers of both releases printed. A page with this card is read again when there are new lines. */
export function logsCard(
  { outcome }: Pick<ReleaseRecord, "outcome">,
  { lines: facts, filter, address, now }: LogsPart,
  clock: Clock,
): Markup {
  const isRunning = outcome === "running"
  return markup`<div id="logs" data-samples>${card(
    "Logs",
    facts.kind === "refused"
      ? markup`<p class="none">The dashboard's role of the ledger may not read log lines. Its owner grants it: <code>GRANT SELECT ON tollgate_ledger.log_lines TO …</code></p>`
      : markup`${summaryLine(facts, isRunning, now, clock)}${filterForm(facts, filter, address)}${content(facts, filter, isRunning, address)}`,
  )}</div>`
}

type Read = Extract<LineFacts, { kind: "read" }>

function summaryLine({ summary }: Read, isRunning: boolean, now: Date, clock: Clock): Markup {
  if (summary.newest === null) return nothing
  const age = ageWords(summary.newest, isRunning, now)
  return markup`<p class="note">${countWords(summary)}. Newest: ${moment(clock, summary.newest)}${age === "" ? nothing : markup`, <strong>${age}</strong>`}. New is the release that takes the traffic, old the one that loses it. Times of lines are in UTC, by the clocks of the hosts; secrets and card numbers are masked.</p>`
}

/** Its fields keep what is typed when the page is updated. */
function filterForm({ summary }: Read, filter: LogFilter, address: string): Markup {
  if (summary.lines === 0 && !isFiltered(filter)) return nothing
  return markup`<form class="filter" method="get" action="${address}#logs">
<label data-keep>Release <select name="side"><option value="">both</option>${(["new", "old"] as const).map(
    (side) => markup`<option${side === filter.side ? markup` selected` : nothing}>${side}</option>`,
  )}</select></label>
<label data-keep>Container <input name="container" type="search" list="log-containers" value="${filter.container}" autocomplete="off"></label>
<datalist id="log-containers">${summary.containers.map((container) => markup`<option value="${container}"></option>`)}</datalist>
<label data-keep>Text <input name="text" type="search" value="${filter.text}" autocomplete="off"></label>
<button>Filter</button> <a href="${address}#logs">Clear</a>
</form>`
}

function content(facts: Read, filter: LogFilter, isRunning: boolean, address: string): Markup {
  const { lines, more } = facts
  const isNewest = filter.before === null
  if (lines.length === 0) return markup`<p class="none">${noLinesWords(facts, isRunning)}</p>`
  const [first] = lines
  const pages = [
    ...(isNewest ? [] : [markup`<a href="${address}${logQuery(filter, { before: null })}">Newest lines</a>`]),
    more && first !== undefined
      ? markup`<a rel="next" href="${address}${logQuery(filter, { before: first.id })}">Older lines</a>`
      : markup`<span>No older lines.</span>`,
    ...(isNewest ? [markup`<a href="#log-end">To the newest line</a>`] : []),
  ]
  // without the script it would follow nothing
  const follow = isNewest
    ? markup`<label id="log-follow" class="follow" data-keep hidden><input type="checkbox" checked> Follow <small>the newest line stays in sight</small></label>`
    : nothing
  return markup`<div class="log-bar"><nav class="pages" aria-label="Parts of the log">${pages}</nav>${follow}</div>
<div id="log-lines" class="log" tabindex="0" role="region" aria-label="Log lines, oldest first"><ol>${lines.map(line)}</ol><p id="log-end">${
    isNewest ? (isFiltered(filter) ? "The newest line that matches." : "The newest line.") : "Newer lines follow."
  }</p></div>`
}

function line({ id, side, version, place, process, stream, at, text, lines }: StoredLine): Markup {
  const release = markup`<span class="side ${side === "old" ? "old" : "new"}">${side === "" ? nothing : markup`${side} <small>${version}</small>`}</span>`
  const container = place === "" ? "" : `${place} ${process}`
  const [kind, words] = stream === "note" ? ["note", missingWords({ text, lines })] : [stream, text]
  return markup`<li id="line-${id}" class="${kind === "note" ? "missing" : "line"}"><time datetime="${at}">${clockTime(at)}</time> ${release} <span class="container">${container}</span> <span class="stream">${kind}</span> <code>${words}</code></li>`
}

/** 2026-11-29 10:00:00.123 */
function clockTime(at: string): string {
  return at.slice(0, 23).replace("T", " ")
}
