import { holdsPublishedKey, holdsTestMerchant } from "../config/ecpay-test-merchants.js"
import type { Rule } from "../config/environment-rules.js"
import { soundsSecret } from "../config/fields.js"
import { type Address, readAddress, readWhere } from "./address.js"
import { entropyBits } from "./entropy.js"
import { isFirstGuess, isPlaceholder, isSomebodys } from "./placeholder.js"
import type { Problem } from "./result.js"

const OTHER_ENVIRONMENT = "is this the value of another environment? If it is right, correct the rule in tollgate.yaml"

/** Control characters except tabs and line endings, unusual spaces, zero-width characters and typographic quotes. */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u201c\u201d\u2018\u2019]/

/** Facts about the environment that a value is used in. */
export interface Surroundings {
  /** Real payments are made there. */
  production: boolean
  /** libpq's own variables (PGHOST, PGSERVICE) name the server. */
  serverElsewhere: boolean
}

/** Checks one value by its rule. No message contains the value or a part of it. */
export function judgeValue(name: string, value: string, rule: Rule, surroundings: Surroundings): Problem[] {
  const secret = soundsSecret(name) || (rule.minEntropy ?? 0) > 0
  const published = surroundings.production ? ofEcpaysTests(name, value) : []
  const others = whole(value, rule).filter(({ code }) => published.length === 0 || code !== "wrong-beginning")
  return [...written(value), ...placeholder(value, secret), ...published, ...others, ...form(value, rule, surroundings)]
}

const CALLED_MERCHANT = /merchant|ecpay/i

/** Anyone can sign with the keys in ECPay's documentation, so a payment notification would prove nothing. */
export function ofEcpaysTests(name: string, value: string): Problem[] {
  const next = "use your own merchant's, from ECPay's vendor site"
  if (holdsPublishedKey(value))
    return [
      {
        code: "published",
        message: "contains a HashKey or HashIV that ECPay has published: anyone can sign with it",
        next,
      },
    ]
  if (CALLED_MERCHANT.test(name) && holdsTestMerchant(value))
    return [{ code: "published", message: "is one of ECPay's public test merchants", next }]
  return []
}

function written(value: string): Problem[] {
  const problems: Problem[] = []
  if (value !== value.trim())
    problems.push({
      code: "blanks-around",
      message: "begins or ends with whitespace",
      next: "remove the whitespace inside the quotes",
    })
  if (/^(["'`]).*\1$/s.test(value.trim()))
    problems.push({
      code: "quotes-inside",
      message: "is quoted twice: the inner quotes are part of the value",
      next: "remove one pair of quotes",
    })
  if (HIDDEN.test(value))
    problems.push({
      code: "hidden-characters",
      message: "contains invisible characters",
      next: "type it again instead of pasting it",
    })
  return problems
}

function placeholder(value: string, secret: boolean): Problem[] {
  const address = readAddress(value)
  // a host may be named my-db: only passwords are checked for that word
  const key = address === null || address.hosts.length === 0 ? (secret ? value : "") : address.password
  if (!isPlaceholder(value, secret) && !isSomebodys(key)) return []
  return [{ code: "placeholder", message: "is a placeholder", next: "set the real value" }]
}

function whole(value: string, rule: Rule): Problem[] {
  const problems: Problem[] = []
  const next = rule.expected === undefined ? "correct it" : `expected: ${rule.expected}`
  const { startsWith = [], notStartsWith = [], oneOf = [], minLength = 0, minEntropy = 0 } = rule
  if (startsWith.length > 0 && !startsWith.some((beginning) => value.startsWith(beginning)))
    problems.push({
      code: "wrong-beginning",
      message: `does not begin with ${either(startsWith)}`,
      next: OTHER_ENVIRONMENT,
    })
  const forbidden = notStartsWith.filter((beginning) => value.startsWith(beginning))
  if (forbidden.length > 0)
    problems.push({ code: "wrong-beginning", message: `begins with ${either(forbidden)}`, next: OTHER_ENVIRONMENT })
  if (oneOf.length > 0 && !oneOf.some((allowed) => allowed.toLowerCase() === value.toLowerCase()))
    problems.push({ code: "not-allowed", message: `is not ${either(oneOf)}`, next: "use one of them" })
  if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`, "su").test(value))
    problems.push({
      code: "wrong-form",
      message:
        rule.expected === undefined ? "does not match its pattern in tollgate.yaml" : "does not have the expected form",
      next,
    })
  if (value.length < minLength)
    problems.push({ code: "too-short", message: `has fewer than ${minLength} characters`, next })
  const bits = Math.floor(entropyBits(value))
  if (bits < minEntropy)
    problems.push({
      code: "too-guessable",
      message: `is easy to guess: it has less than the required ${minEntropy} bits of entropy`,
      next: "generate a random one: openssl rand -hex 32",
    })
  return problems
}

function form(value: string, rule: Rule, { serverElsewhere }: Surroundings): Problem[] {
  const { url = [], contains = [] } = rule
  const reading = readWhere(value)
  const address = reading.kind === "read" ? reading.address : null
  if (url.length > 0) {
    if (reading.kind === "unreadable") return [notAUrl(reading.why, url)]
    if (!url.includes(reading.address.scheme))
      return [notAUrl(`is not a URL that begins with ${either(url.map((scheme) => `${scheme}://`))}`, url)]
    if (!leadsSomewhere(reading.address) && !serverElsewhere) return [notAUrl("is a URL without a host", url)]
  }
  return [...weakPassword(address), ...parts(value, contains, address)]
}

function notAUrl(message: string, schemes: readonly string[]): Problem {
  return {
    code: "not-a-url",
    message,
    next: `expected ${schemes[0] ?? "https"}://…; percent-encode characters such as @ : / in a password`,
  }
}

function leadsSomewhere({ hosts, service }: Address): boolean {
  return hosts.length > 0 || service !== ""
}

function weakPassword(address: Address | null): Problem[] {
  if (address === null || !isFirstGuess(address.password)) return []
  return [
    {
      code: "placeholder",
      message: "contains a password that is a common first guess",
      next: "give the account a random password",
    },
  ]
}

function parts(value: string, contains: readonly string[], address: Address | null): Problem[] {
  if (contains.length === 0) return []
  // "production" in a password or user name does not make it a production database
  const known = address !== null && (leadsSomewhere(address) || address.database !== "")
  const places = known ? [...address.hosts, address.database, address.service] : [value]
  const found = contains.some((part) => places.some((place) => place.toLowerCase().includes(part.toLowerCase())))
  if (found) return []
  const where = known ? "neither its host nor its database's name contains" : "does not contain"
  return [{ code: "wrong-part", message: `${where} ${either(contains)}`, next: OTHER_ENVIRONMENT }]
}

function either(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? "") : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`
}
