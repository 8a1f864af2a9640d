import { z } from "zod"
import { expected, text, withHint } from "./fields.js"

/** The kinds of value that only the section `load` has: a rate, a response time, a share. */

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 }

export interface ArrivalRate {
  /** So many requests begin, evenly spread, … */
  count: number
  /** … in each of so many seconds: 1, 60 or 3600. */
  seconds: number
}

export const arrivalRate = text("an arrival rate such as 20/s or 300/m", /^[1-9]\d*\/[smh]$/, (input) => {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*(?:\/|per|p|rp)?\s*([a-z]*)\s*$/i.exec(String(input)) ?? []
  if (amount === "") return null
  if (Number(amount) === 0) return "a scenario without requests proves nothing"
  if (amount.includes(".")) return `use whole numbers: ${Math.max(1, Math.round(Number(amount) * 60))}/m`
  if (unit === "") return `add a unit: ${amount}/s or ${amount}/m`
  const short = unit.charAt(0).toLowerCase()
  return short in UNITS ? `write ${amount}/${short}` : null
}).transform((written): ArrivalRate => {
  const [count = "", unit = ""] = written.split("/")
  return { count: Number(count), seconds: UNITS[unit] ?? 1 }
})

/** Written as 500ms or 1.5s; milliseconds from here on. */
export const responseTime = text("a time such as 500ms or 1s", /^(?=.*[1-9])\d+(?:\.\d+)?(?:ms|s)$/, (input) => {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input)) ?? []
  if (amount === "") return null
  if (Number(amount) === 0) return "no answer takes no time at all"
  if (unit === "") return `add a unit: ${amount}ms or ${amount}s`
  const short = unit.toLowerCase()
  if (short.startsWith("ms") || short.startsWith("mil")) return `write ${amount}ms`
  if (short.startsWith("s")) return `write ${amount}s`
  return short.startsWith("m") ? "seconds are the largest unit" : null
}).transform((written) => (written.endsWith("ms") ? Number(written.slice(0, -2)) : Number(written.slice(0, -1)) * 1000))

/** Written as 0.1%; percent from here on. */
export const share = text("a share such as 0.1%", /^\d+(?:\.\d+)?%$/, (input) => {
  const [, amount = ""] = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(String(input)) ?? []
  return amount === "" ? null : `write ${amount}%`
})
  .refine((written) => !(Number.parseFloat(written) > 100), { error: expected("a share of at most 100%") })
  .transform((written) => Number.parseFloat(written))

/** The origin of a deployed service. A path would be silently ignored. */
export const origin = text("an address such as https://staging.shop.example", /^https?:\/\/[^\s/?#@]+\/?$/, (input) => {
  if (typeof input !== "string") return null
  if (!/^[a-z]+:\/\//i.test(input)) return `write https://${input.replace(/^\/+/, "")}`
  return /^https?:\/\/[^\s/?#@]+[/?#]/.test(input) ? "leave out what follows the host and port" : null
}).transform((written) => (URL.canParse(written) ? new URL(written).origin : written))

export function wholeNumber(least: number, most: number) {
  const error = expected(`a whole number from ${least} to ${most}`, (input) =>
    typeof input === "string" && /^\d+$/.test(input) ? "leave the quotes out" : null,
  )
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

export const status = wholeNumber(100, 599)

/** A token, as RFC 9110 has it. */
export const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** What the load generator writes itself: another value would break the request. */
const GENERATED = new Set(["host", "content-length", "connection", "transfer-encoding"])

export function headerNameProblem(name: string): string | null {
  if (!headerName.test(name)) return "is not a name of a header"
  return GENERATED.has(name.toLowerCase()) ? withHint("is written by the load generator", "leave it out") : null
}
