import { redact } from "../secrets/redact.js"
import type { Credentials } from "./credentials.js"
import { type Field, isAuthentic, MAC_FIELD } from "./mac.js"
import { fieldsOf } from "./published.js"
import type { EcpayCode, EcpayProblem, Outcome } from "./result.js"

/** The signed query and its sender. */
export interface Query {
  credentials: Credentials
  /** Order number made for this query, so that the answer can be matched to it. */
  order: string
  endpoint: string
}

/** "No such order": ECPay's answer to a correctly signed query about an order that does not exist. */
const NO_SUCH_ORDER = "10200047"
/** CheckMacValue does not verify: ECPay/ECPay-API-Skill, guides/21-error-codes-reference.md */
const MAC_REFUSED = "10200073"

/** null when ECPay answered "no such order", with a valid signature. */
export function judgeAnswer(outcome: Extract<Outcome, { kind: "answered" }>, query: Query): EcpayProblem | null {
  const { status, body } = outcome
  const page = /^\s*</.test(body)
  if (/維護|maintenance/i.test(body) && (page || status >= 500))
    return problem("maintenance", "is under maintenance", "retry later; ECPay announces maintenance on its vendor site")
  if (status >= 300 && status < 400)
    return problem(
      "redirected",
      `answered with a redirect (HTTP ${status}); signed queries do not follow redirects`,
      `check the address ${query.endpoint} (environments.NAME.ecpay.endpoint)`,
    )
  if (status === 403 || status === 429)
    return problem(
      "rate-limited",
      `rejected this machine's address (HTTP ${status})`,
      "ECPay does this after too many queries: wait 30 minutes (developers.ecpay.com.tw ?p=2890)",
    )
  if (status >= 500)
    return problem(
      "server-error",
      `answered HTTP ${status}`,
      "retry; if it persists, check HashKey and HashIV: ECPay has answered like this to a wrong key too",
    )
  if (status >= 400)
    return problem(
      "http-error",
      `answered HTTP ${status}`,
      `check the address ${query.endpoint} (environments.NAME.ecpay.endpoint)`,
    )
  if (body.trim() === "")
    return problem("empty", "sent an empty answer", "retry; if it persists, contact ECPay's support")
  if (page && !saysMacRefused(body))
    return problem(
      "html",
      "answered with an HTML page instead of form data",
      "a proxy or an error page answers there: open the address in a browser",
    )
  return judgeFields(body, query)
}

function judgeFields(body: string, { credentials, order }: Query): EcpayProblem | null {
  const { fields, authentic } = read(body, credentials)
  const valueNamed = (name: string) => fields.find(([one]) => one === name)?.[1]
  const [merchant, status] = [valueNamed("MerchantID"), valueNamed("TradeStatus") ?? valueNamed("RtnCode")]
  if (valueNamed(MAC_FIELD) === undefined) return judgeUnsigned(body, fields, status, credentials)
  if (merchant !== undefined && merchant !== "" && merchant !== credentials.merchantId)
    return problem(
      "other-merchant",
      "answered for another merchant",
      "check for a proxy or cache between this machine and ECPay",
    )
  if (!authentic)
    return problem(
      "wrong-signature",
      "signed its answer with another key, or the answer was modified in transit",
      "compare HashKey and HashIV with ECPay's vendor site; if they are right, check for a proxy that modifies traffic",
    )
  if (valueNamed("MerchantTradeNo") !== order)
    return problem(
      "other-order",
      "answered about another order",
      "an old answer was replayed: check for a cache between this machine and ECPay",
    )
  if (status === MAC_REFUSED) return macRefused()
  if (status !== NO_SUCH_ORDER) return refused(status, fields, credentials)
  return null
}

/**
 * ECPay does not escape its answers, while other servers escape them as forms. The form whose signature verifies is the right one.
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
      "compare the merchant id with ECPay's vendor site: it may belong to the other environment, or not be active yet",
    )
  if (/Time\s?Stamp|驗證時間/i.test(said))
    return problem("clock", "rejected the query's timestamp: it allows 3 minutes", "set this machine's clock")
  if (status !== undefined && !["0", "1", NO_SUCH_ORDER].includes(status)) return refused(status, fields, credentials)
  if (fields.length === 0 || /^\s*[[{]/.test(body) || !fields.some(([, value]) => value !== ""))
    return problem(
      "not-form-data",
      "did not answer with form data",
      "the server there is not ECPay's QueryTradeInfo: check environments.NAME.ecpay.endpoint",
    )
  return problem(
    "unsigned",
    "did not sign its answer: it could be from anyone",
    "do not continue; find out which server answers in ECPay's place",
  )
}

function saysMacRefused(said: string): boolean {
  return said.includes(MAC_REFUSED) || /CheckMacValue\b[^=]{0,40}(error|fail|verify|錯誤|失敗)/i.test(said)
}

function macRefused(): EcpayProblem {
  return problem(
    "key-refused",
    "rejected CheckMacValue: HashKey or HashIV does not belong to this merchant",
    "copy both from ECPay's vendor site again; each merchant id and environment has its own",
  )
}

function refused(status: string | undefined, fields: readonly Field[], credentials: Credentials): EcpayProblem {
  const said = fields.find(([name]) => name === "RtnMsg" || name === "TradeStatusDesc")?.[1] ?? ""
  // redacted before it is cut: half a secret would not be found
  const message = redact(said, Object.values(credentials)).slice(0, 80)
  const code = status !== undefined && /^\d{1,10}$/.test(status) ? status : "no code"
  return problem(
    "refused-query",
    `rejected the query: ${code}${message === "" ? "" : ` ${message}`}`,
    "look up the code on ECPay's vendor site",
  )
}

function problem(code: EcpayCode, what: string, next: string): EcpayProblem {
  return { code, message: `ECPay ${what}`, next }
}
