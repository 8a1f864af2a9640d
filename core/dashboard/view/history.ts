import { RELEASE_ACTIONS } from "../../ledger/event.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { count } from "../../shared/figures.js"
import { addressOf, type HistoryFilter, OUTCOMES } from "../model/filter.js"
import type { HistoryPage } from "../reading/history.js"
import { auditCard } from "./audit.js"
import type { View } from "./frame.js"
import { ALL_COLUMNS, rowsWithEnvironment } from "./releases.js"
import type { Clock } from "./time.js"

export function historyView(
  page: HistoryPage,
  filter: HistoryFilter,
  environments: readonly string[],
  clock: Clock,
): View {
  const { releases, next, searched } = page
  return {
    title: "History",
    main: markup`<h1>History</h1>
${filterForm(filter, environments)}
${
  releases.length === 0
    ? markup`<p class="none">${next === null ? "No release matches." : `None of the ${count(searched, "release")} searched so far matches.`}</p>`
    : table("Releases, the newest first", ALL_COLUMNS, rowsWithEnvironment(releases, clock))
}
<nav class="pages" aria-label="Parts of the history">${filter.before === null ? nothing : markup`<a href="${addressOf(filter, { before: null })}">Newest</a>`}${
      next === null
        ? markup`<span>No older releases.</span>`
        : markup`<a rel="next" href="${addressOf(filter, { before: next })}">Older${releases.length === 0 ? ": continue the search" : ""}</a>`
    }</nav>
${auditCard(environments)}`,
  }
}

/** Its fields keep what is typed when the page is updated. */
function filterForm(filter: HistoryFilter, environments: readonly string[]): Markup {
  const choice = (name: "env" | "action" | "outcome", label: string, options: readonly string[]) =>
    markup`<label>${label} <select name="${name}"><option value="">all</option>${options.map(
      (option) => markup`<option${option === filter[name] ? markup` selected` : nothing}>${option}</option>`,
    )}</select></label>`
  return markup`<form class="filter" method="get" action="/history" data-keep>
${choice("env", "Environment", environments)}
${choice("action", "Action", RELEASE_ACTIONS)}
${choice("outcome", "Outcome", OUTCOMES)}
<label>By <input name="who" type="search" value="${filter.who ?? ""}" autocomplete="off"></label>
<label>From (UTC) <input name="from" type="date" value="${filter.from ?? ""}"></label>
<label>To (UTC) <input name="to" type="date" value="${filter.to ?? ""}"></label>
<button>Filter</button> <a href="/history">Clear</a>
</form>`
}
