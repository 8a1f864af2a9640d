import type { VariableSettings } from "../config/environments.js"
import { soundsSecret } from "../config/fields.js"
import { type Address, readAddress } from "./address.js"
import type { Problem } from "./result.js"

/** Shorter values (`true`, `5432`) may be equal by chance. */
const SHORTEST_ELSEWHERE = 8

/**
 * Finds what a value shares with another environment: the value itself, under any name; for a URL, its database and its password.
 * The messages contain names only.
 *
 * @param there the other environment's values
 */
export function sharedWith(name: string, value: string, there: ReadonlyMap<string, string>, other: string): Problem[] {
  const problems: Problem[] = []
  const twin = there.get(name)
  if (twin !== undefined && same(value, twin)) return [shared(`has the same value in ${other}`)]
  if (value.trim().length >= SHORTEST_ELSEWHERE) {
    const elsewhere = [...there].filter(([one, its]) => one !== name && same(value, its)).map(([one]) => one)
    if (elsewhere.length > 0) problems.push(shared(`has the value that ${elsewhere.join(", ")} has in ${other}`))
  }
  const here = readAddress(value)
  const its = twin === undefined ? null : readAddress(twin)
  if (here === null || its === null) return problems
  if (sameDatabase(here, its)) problems.push(shared(`points to the same database as in ${other}`))
  if (here.password !== "" && here.password === its.password)
    problems.push(shared(`contains the same password as in ${other}`))
  return problems
}

/** Whether a variable may have the same value in both environments. */
export function mayBeShared(name: string, variable: VariableSettings | undefined): boolean {
  // of an undeclared variable only the name is known: a version or a time zone may well be equal
  return variable === undefined ? !soundsSecret(name) : variable.rule.shared === true
}

function same(one: string, other: string): boolean {
  return one.trim() !== "" && one.trim() === other.trim()
}

/** One common server is enough: it holds the same data. */
function sameDatabase(one: Address, other: Address): boolean {
  if (one.service !== "" && one.service === other.service) return true
  const name = ({ database }: Address) => database.replace(/\/.*$/, "")
  return name(one) !== "" && name(one) === name(other) && one.servers.some((server) => other.servers.includes(server))
}

function shared(message: string): Problem {
  return { code: "shared", message, next: "give this environment its own" }
}
