import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { Asks } from "../model/asks.js"
import type { RequestLine } from "../model/request-lines.js"
import { form } from "./asks.js"
import { card, chip, releaseLink } from "./parts.js"
import { type Clock, moment } from "./time.js"

const COLUMNS = [{ title: "Request" }, { title: "State" }, { title: "By" }, { title: "Requested" }, { title: "Note" }]

/** Signed requests and what became of them. */
export function requestsCard(asks: Asks, clock: Clock): Markup {
  const { requests, environment } = asks
  return markup`<div id="requests">${card(
    "Requests",
    requests.length === 0
      ? markup`<p class="none">No request yet.</p>`
      : table(
          `The latest requests of ${environment}`,
          COLUMNS,
          requests.map((line) => row(line, asks, clock)),
        ),
  )}</div>`
}

function row(line: RequestLine, asks: Asks, clock: Clock): Markup[] {
  const { id, what, who, reason, at, until, notes, release, cancel } = line
  return [
    markup`${what} <code>${id.slice(0, 8)}</code>${reason === "" ? nothing : markup`<br><small>${reason}</small>`}`,
    markup`${stateChip(line)}${until === null ? nothing : markup`<br>${until.kind} ${moment(clock, until.at)}`}`,
    markup`${who}`,
    moment(clock, at),
    markup`${notes.length === 0 ? "–" : notes.map((note) => markup`<span class="cause">${note}</span> `)}${
      release === null ? nothing : releaseLink(asks.environment, release)
    }${cancel === null ? nothing : cancelForm(line, cancel, asks)}`,
  ]
}

function cancelForm({ id, what }: RequestLine, needs: string, asks: Asks): Markup {
  return form(asks, {
    id: `ask-cancel-${id}`,
    needs,
    ask: { kind: "cancel", request: id },
    title: "Cancel…",
    danger: false,
    lead: nothing,
    fields: nothing,
    button: `Cancel: ${what}`,
  })
}

function stateChip({ state }: RequestLine): Markup {
  switch (state) {
    case "done":
      return chip("pass", "done")
    case "waiting":
      return chip("run", "waits for a runner")
    case "taken":
      return chip("run", "with a runner")
    case "canceled":
    case "expired":
      return chip("skip", state)
    case "refused":
    case "failed":
    case "missed":
    case "interrupted":
      return chip("fail", state)
  }
}
