import { quoted } from "../../config/problem.js"
import { canonicalJson, type Json } from "../../shared/canonical-json.js"
import { jsonOf, type Policy } from "./policy.js"

/** One line for each setting that differs: `approvals.required: 2 → 0`. */
export function policyDifference(from: Policy | null, to: Policy): string[] {
  const [before, after] = [leaves(from), leaves(to)]
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const [old, fresh] = [before.get(path), after.get(path)]
    if (old === fresh) return []
    return [`${path}: ${old ?? "nothing"} → ${fresh ?? "nothing"}`]
  })
}

function leaves(policy: Policy | null): Map<string, string> {
  const found = new Map<string, string>()
  if (policy === null) return found
  const { approvals, rules } = policy
  visit("", { approvals: jsonOf(approvals), ...rules }, found)
  return found
}

function visit(path: string, value: Json, found: Map<string, string>): void {
  if (typeof value !== "object" || value === null) {
    found.set(path, typeof value === "string" ? quoted(value) : String(value))
    return
  }
  const entries = isList(value) ? named(value) : Object.entries(value)
  if (entries === null || entries.length === 0) found.set(path, canonicalJson(value))
  else for (const [name, inner] of entries) visit(path === "" ? name : `${path}.${name}`, inner, found)
}

/** Entries of a list by what tells them apart, so that one more entry does not change all others; null: as one value. */
function named(list: readonly Json[]): [string, Json][] | null {
  const names = list.map((one) => {
    if (typeof one !== "object" || one === null || isList(one)) return null
    const name = one["key"] ?? one["host"] ?? one["reason"]
    return typeof name === "string"
      ? `[${typeof one["name"] === "string" ? `${one["name"]} ${name.slice(0, 20)}` : name}]`
      : null
  })
  if (names.some((one) => one === null) || new Set(names).size < names.length) return null
  return list.map((one, index): [string, Json] => [names[index] ?? "", one])
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
