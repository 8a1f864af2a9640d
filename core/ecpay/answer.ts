import { type Field, isAuthentic, MAC_FIELD } from "./mac.js"
import type { Credentials } from "./credentials.js"
import { fieldsOf } from "./published.js"
import { redact } from "../secrets/redact.js"
import type { EcpayCode, EcpayProblem, Outcome } from "./result.js"

/** What was asked, and by whom. */
export interface Query {
  credentials: Credentials
  /** The order's number: made for this query, so that an answer which has it is an answer to this query. */
  order: string
  endpoint: string
}

/** "No such order": what a merchant who signs as ECPay does hears about an order that never was. */
const NO_SUCH_ORDER = "10200047"
/** CheckMacValue does not verify: ECPay/ECPay-API-Skill, guides/21-error-codes-reference.md */
const MAC_REFUSED = "10200073"

/** null: it is ECPay's own signed answer, and says that there is no such order. */
export function judgeAnswer(outcome: Extract<Outcome, { kind: "answered" }>, query: Query): EcpayProblem | null {
  const { status, body } = outcome
  const page = /^\s*</.test(body)
  if (/維護|maintenance/i.test(body) && (page || status >= 500))
    return problem(
      "maintenance",
      "says that it is under maintenance",
      "try again later; ECPay announces maintenance on its vendor site",
    )
  if (status >= 300 && status < 400)
    return problem(
      "redirected",
      `answered with a redirect (HTTP ${status}), which a signed query never follows`,
      `is ${query.endpoint} the right address?`,
    )
  if (status === 403 || status === 429)
    return problem(
      "rate-limited",
      `refused the connection's address (HTTP ${status})`,
      "ECPay does so after too many queries: wait 30 minutes (developers.ecpay.com.tw ?p=2890)",
    )
  if (status >= 500)
    return problem(
      "server-error",
      `answered HTTP ${status}`,
      "try again; if it stays, compare HashKey and HashIV: ECPay has answered so to a wrong key, too",
    )
  if (status >= 400) return problem("http-error", `answered HTTP ${status}`, `is ${query.endpoint} the right address?`)
  if (body.trim() === "") return problem("empty", "answered with nothing at all", "try again; if it stays, tell ECPay's support")
  if (page && !saysMacRefused(body))
    return problem(
      "html",
      "answered with a page instead of form data",
      "what answers there is a proxy or an error page: look at it in a browser",
    )
  return judgeFields(body, query)
}

function judgeFields(body: string, { credentials, order }: Query): EcpayProblem | null {
  const { fields, authentic } = read(body, credentials)
  const valueOf = (name: string) => fields.find(([one]) => one === name)?.[1]
  const [merchant, status] = [valueOf("MerchantID"), valueOf("TradeStatus") ?? valueOf("RtnCode")]
  if (valueOf(MAC_FIELD) === undefined) return judgeUnsigned(body, fields, status, credentials)
  if (merchant !== undefined && merchant !== "" && merchant !== credentials.merchantId)
    return problem(
      "other-merchant",
      "answered for another merchant than the one that asked",
      "something between here and ECPay mixes up answers: look for a proxy or a cache",
    )
  if (!authentic)
    return problem(
      "wrong-signature",
      "signed its answer with another key, or the answer was changed on its way",
      "compare HashKey and HashIV with ECPay's vendor site; if they are right, look for what changes traffic",
    )
  if (valueOf("MerchantTradeNo") !== order)
    return problem(
      "other-order",
      "answered about another order than the one that was asked for",
      "an old answer was played back: look for a cache between here and ECPay",
    )
  if (status === MAC_REFUSED) return macRefused()
  if (status !== NO_SUCH_ORDER) return refused(status, fields, credentials)
  return null
}

/**
 * ECPay writes its answers without escaping anything; a server that escapes as forms usually are means the same. Which of them it
 * is, the signature tells.
 */
function read(body: string, credentials: Credentials): { fields: Field[]; authentic: boolean } {
  const plain = fieldsOf(body.trim())
  if (isAuthentic(plain, credentials)) return { fields: plain, authentic: true }
  const unescaped: Field[] = [...new URLSearchParams(body.trim())]
  return { fields: unescaped, authentic: isAuthentic(unescaped, credentials) }
}

function judgeUnsigned(
  body: string,
  fields: readonly Field[],
  status: string | undefined,
  credentials: Credentials,
): EcpayProblem {
  const said = fields.some(([, value]) => value !== "") ? fields.map(([, value]) => value).join(" ") : body
  if (status === MAC_REFUSED || saysMacRefused(said)) return macRefused()
  if (/MerchantID|特店編號|廠商編號/i.test(said))
    return problem(
      "merchant-unknown",
      "does not know this merchant",
      "compare the merchant id with ECPay's vendor site: it may be of the other environment, or not be active yet",
    )
  if (/Time\s?Stamp|驗證時間/i.test(said))
    return problem("clock", "does not accept the time of the query: it allows 3 minutes", "set this machine's clock")
  if (status !== undefined && !["0", "1", NO_SUCH_ORDER].includes(status)) return refused(status, fields, credentials)
  if (fields.length === 0 || /^\s*[[{]/.test(body) || !fields.some(([, value]) => value !== ""))
    return problem(
      "not-form-data",
      "answered with something that is no form data",
      "what answers there is not ECPay's QueryTradeInfo: look at the address",
    )
  return problem(
    "unsigned",
    "did not sign its answer: anybody may have written it",
    "do not go on; find out what answers in ECPay's place",
  )
}

function saysMacRefused(said: string): boolean {
  return said.includes(MAC_REFUSED) || /CheckMacValue\b[^=]{0,40}(error|fail|verify|錯誤|失敗)/i.test(said)
}

function macRefused(): EcpayProblem {
  return problem(
    "key-refused",
    "says that CheckMacValue is wrong: HashKey or HashIV are not this merchant's",
    "copy both from ECPay's vendor site again; they belong to one merchant id and one environment",
  )
}

function refused(status: string | undefined, fields: readonly Field[], credentials: Credentials): EcpayProblem {
  const said = fields.find(([name]) => name === "RtnMsg" || name === "TradeStatusDesc")?.[1] ?? ""
  // before it is cut: half of a secret is not found any more
  const message = redact(said, Object.values(credentials)).slice(0, 80)
  const code = status !== undefined && /^\d{1,10}$/.test(status) ? status : "no code"
  return problem(
    "refused-query",
    `refused the query: ${code}${message === "" ? "" : ` ${message}`}`,
    "look the code up on ECPay's vendor site",
  )
}

function problem(code: EcpayCode, what: string, next: string): EcpayProblem {
  return { code, message: `ECPay ${what}`, next }
}
