import type { SmokeSettings } from "../../config/release.js"
import type { Answer } from "../../targets/target.js"

/** Why an answer failed; null: it passed. The body is not quoted: a page may contain anything. */
export function judgeSmoke(
  check: Pick<SmokeSettings, "method" | "path" | "status" | "contains">,
  answer: Answer,
): string | null {
  const request = `${check.method} ${check.path}`
  if (answer.kind === "silent") return `${request}: ${answer.why}`
  const right =
    check.status === undefined ? answer.status >= 200 && answer.status <= 299 : check.status.includes(answer.status)
  if (!right)
    return `${request} answered ${answer.status}, not ${check.status === undefined ? "200 to 299" : check.status.join(" or ")}`
  const missing = check.contains.filter((text) => !answer.body.includes(text))
  return missing.length === 0
    ? null
    : `${request} answered ${answer.status} without ${missing.map((text) => JSON.stringify(text)).join(" and ")}`
}
