import { alignColumns, fit, wrapWords } from "../report/columns.js"
import { count } from "../report/figures.js"
import { line, safe, screenColumns as columns } from "../report/screen.js"
import { isOfficial } from "../config/ecpay-endpoint.js"
import type { EcpayResult } from "./result.js"

/** One screen: what was done, how it went, and what to do about what did not. */
export function ecpayScreen(result: EcpayResult): string {
  const titles = ["check", "state", "what was seen"]
  const rows = result.steps.map(({ step, state, said }) => [step, state, safe(said)])
  return `${[
    line(`Tollgate ${result.tollgateVersion} · check-ecpay · ${result.environment} · ${result.endpoint}`),
    "",
    ...alignColumns([titles, ...rows], ["left", "left", "left"]).map((row) => fit(row, columns)),
    ...why(result),
    "",
    fit(verdictLine(result), columns),
  ].join("\n")}\n`
}

function why({ verdict }: EcpayResult): string[] {
  if (verdict.kind === "proven") return []
  return [
    "",
    "Why it is red",
    ...verdict.problems.flatMap(({ code, message, next }) => [`  ${code}`, ...wrapped(message), ...wrapped(next)]),
  ]
}

/** On two lines where one does not hold it; more than that nobody reads. */
function wrapped(text: string): string[] {
  return wrapWords(safe(text), columns - 4, 2).map((part) => `    ${part}`)
}

function verdictLine({ environment, endpoint, verdict }: EcpayResult): string {
  // a sandbox proves that the credentials fit it, and nothing about ECPay
  const who = isOfficial(endpoint) ? "ECPay" : `${new URL(endpoint).host} (not ECPay's own)`
  if (verdict.kind === "proven") return safe(`PROVEN: ${who} accepts the credentials of ${environment}, and signs with them`)
  const codes = [...new Set(verdict.problems.map(({ code }) => code))].join(", ")
  return safe(`RED: ${count(verdict.problems.length, "problem")} with ECPay from ${environment}: ${codes}`)
}
