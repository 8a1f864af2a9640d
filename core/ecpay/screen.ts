import { isOfficial } from "../config/ecpay-endpoint.js"
import { alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { screenColumns as columns, line, safe } from "../presentation/screen.js"
import { count } from "../shared/figures.js"
import type { EcpayResult } from "./result.js"

/** One screen: each check with its verdict, and for each problem what to do. */
export function ecpayScreen(result: EcpayResult): string {
  const titles = ["check", "verdict", "result"]
  const rows = result.steps.map(({ step, state, said }) => [step, state === "failed" ? "FAILED" : state, safe(said)])
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
  if (verdict.kind === "passed") return []
  return [
    "",
    "Why it failed",
    ...verdict.problems.flatMap(({ code, message, next }) => [`  ${code}`, ...wrapped(message), ...wrapped(next)]),
  ]
}

/** At most two lines. */
function wrapped(text: string): string[] {
  return wrapWords(safe(text), columns - 4, 2).map((part) => `    ${part}`)
}

function verdictLine({ environment, endpoint, verdict }: EcpayResult): string {
  // a sandbox that accepts the credentials says nothing about ECPay
  const who = isOfficial(endpoint) ? "ECPay" : `${new URL(endpoint).host} (not ECPay's own)`
  if (verdict.kind === "passed")
    return safe(`PASSED: ${who} accepts the credentials of ${environment} and signs with them`)
  const codes = [...new Set(verdict.problems.map(({ code }) => code))].join(", ")
  return safe(`FAILED: ${count(verdict.problems.length, "problem")} with ECPay in ${environment}: ${codes}`)
}
