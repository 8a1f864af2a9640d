import type { CiPart } from "../config/gate.js"
import { type CiGate, ciGates } from "../config/gates.js"
import type { PathSettings } from "../config/paths.js"
import { count } from "../shared/figures.js"
import { matchesPathOrFolder } from "../shared/path-pattern.js"

/** What a change touched; `unknown` without a base. */
export type Change = { kind: "known"; files: readonly string[] } | { kind: "unknown"; why: string }

export interface PlannedGate {
  name: CiGate
  /** Why it does not run; null: it runs. */
  leftOut: string | null
}

/** What was saved while `ci --watch` waited or ran. */
export interface Saved {
  files: readonly string[]
  /** Gates that passed and that no save has touched since: they run again only for one of these files. */
  passed: ReadonlySet<CiGate>
}

/** Why such a gate does not run. */
export const UNTOUCHED = "it passed before, and the save touches none of its files"

interface Planned {
  paths: PathSettings
  /** Gates that tollgate.yaml has nothing for, with the reason. */
  absent: ReadonlyMap<CiGate, string>
  change: Change
  /** null: this is no run after a save. */
  saved: Saved | null
}

/** Files that define the gates: after a change to one of them, every gate runs. */
const RULING = ["tollgate.yaml"]

/** Decides which gates run: in doubt, all of them. */
export function planGates({ paths, absent, change, saved }: Planned): PlannedGate[] {
  return ciGates.map(({ name, ci }) => ({
    name,
    leftOut: absent.get(name) ?? withoutBase(ci, change) ?? leftOutBy(name, ci, { paths, change, saved }),
  }))
}

function withoutBase({ compares }: CiPart, change: Change): string | null {
  return compares && change.kind === "unknown" ? `no base to compare with: ${change.why}` : null
}

type Filters = Omit<Planned, "absent">

function leftOutBy(name: CiGate, ci: CiPart, filters: Filters): string | null {
  if (ci.paths === "none") return null
  if (ci.paths === "own") return leftOutByOwn(name, ci, filters)
  const { of } = ci.paths
  const other = ciGates.find((gate) => gate.name === of)
  const why = other === undefined ? null : leftOutByOwn(other.name, other.ci, filters)
  return why === null ? null : `${of} does not run: ${why}`
}

function leftOutByOwn(name: CiGate, ci: CiPart, { paths, change, saved }: Filters): string | null {
  return leftOutByPatterns(name, paths, change) ?? leftOutAfterSave(name, ci, paths, saved)
}

/** Without patterns, nothing says what a save touches. A gate that runs alone measures, and takes its whole time on each run. */
function leftOutAfterSave(name: CiGate, { alone }: CiPart, paths: PathSettings, saved: Saved | null): string | null {
  if (saved === null) return null
  if (paths[name] === undefined)
    return alone ? `not run after a save, because tollgate.yaml has no paths.${name}` : null
  const touched = leftOutByPatterns(name, paths, { kind: "known", files: saved.files }) === null
  return touched || !saved.passed.has(name) ? null : UNTOUCHED
}

function leftOutByPatterns(name: string, paths: PathSettings, change: Change): string | null {
  const patterns = paths[name]
  if (patterns === undefined || change.kind === "unknown") return null
  const { files } = change
  if (files.some((file) => RULING.includes(file) || patterns.some((pattern) => matchesPathOrFolder(file, pattern))))
    return null
  return files.length === 0
    ? "nothing changed since the base"
    : `none of the ${count(files.length, "changed file")} matches paths.${name} (${patterns.join(", ")})`
}
