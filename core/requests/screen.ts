import { alignColumns, fit } from "../presentation/columns.js"
import { line, safe, screenColumns } from "../presentation/screen.js"
import { moment } from "../shared/figures.js"
import { version } from "../shared/version.js"
import type { RequestRecord } from "./fold.js"
import { plainAction, type RequestAction, type RequestFile, requestFile } from "./request.js"

/** What was requested, for the person who requested it. */
export function requestedScreen({ statement }: RequestFile): string {
  const { id, environment, action, who, reason, expiresAt } = statement
  const when = action.kind === "schedule" ? `at ${moment(action.at)}` : `before ${moment(expiresAt)}`
  return `${[
    line(`Tollgate ${version} · request · ${statement.service} · ${environment}`),
    "",
    line(`${actionWords(action)}, by ${who}: ${reason}`),
    line(`a runner executes it ${when}; \`tollgate requests --env=${environment}\` shows its result`),
    "",
    line(`REQUESTED: ${id}`),
  ].join("\n")}\n`
}

/** The latest requests, the newest first. Their signatures are the runner's to verify. */
export function requestsScreen(service: string, environment: string, requests: readonly RequestRecord[]): string {
  const titles = ["requested (UTC)", "request", "action", "by", "state"]
  const [title = "", ...table] = alignColumns(
    [titles, ...requests.map(cells)],
    ["left", "left", "left", "left", "left"],
  ).map((row) => fit(row, screenColumns))
  const entries = requests.flatMap((request, index) => {
    const why = whyWords(request)
    return [table[index] ?? "", ...(why === "" ? [] : [fit(`    ${safe(why)}`, screenColumns)])]
  })
  return `${[
    line(`Tollgate ${version} · requests · ${service} · ${environment}`),
    "",
    ...(requests.length === 0 ? ["no requests yet"] : [title, ...entries]),
  ].join("\n")}\n`
}

function cells({ at, id, signed, state }: RequestRecord): string[] {
  const parsed = requestFile.safeParse(signed)
  const words = state.kind === "finished" ? state.outcome : state.kind
  const troubled = !["open", "taken", "done", "canceled"].includes(words)
  return [
    moment(at).replace(/ UTC$/, ""),
    line(id, 36),
    parsed.success ? line(actionWords(parsed.data.statement.action), 32) : "unreadable",
    parsed.success ? line(parsed.data.statement.who, 16) : "–",
    troubled ? words.toUpperCase() : words,
  ]
}

function whyWords({ state }: RequestRecord): string {
  if (state.kind === "refused") return state.problems.map(({ code, message }) => `${code}: it ${message}`).join("; ")
  return state.kind === "finished" ? state.note : ""
}

export function actionWords(action: RequestAction): string {
  const plain = plainAction(action)
  const at = action.kind === "schedule" ? ` at ${moment(action.at)}` : ""
  switch (plain.kind) {
    case "deploy":
      return `deploy ${plain.version}${at}`
    case "rollback":
      return `rollback${plain.to === "" ? "" : ` to ${plain.to}`}${at}`
    case "maintenance":
      return `maintenance ${plain.on ? "on" : "off"}${at}`
    case "unlock":
      return `unlock run ${plain.run}`
    case "cancel":
      return `cancel ${plain.request}`
  }
}
