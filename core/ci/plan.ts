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

interface Planned {
  paths: PathSettings
  /** Gates that tollgate.yaml has nothing for, with the reason. */
  absent: ReadonlyMap<CiGate, string>
  change: Change
}

/** Files that define the gates: after a change to one of them, every gate runs. */
const RULING = ["tollgate.yaml"]

/** Decides which gates run: in doubt, all of them. */
export function planGates({ paths, absent, change }: Planned): PlannedGate[] {
  return ciGates.map(({ name, ci }) => ({
    name,
    leftOut: absent.get(name) ?? withoutBase(ci, change) ?? leftOutByPaths(name, ci, paths, change),
  }))
}

function withoutBase({ compares }: CiPart, change: Change): string | null {
  return compares && change.kind === "unknown" ? `no base to compare with: ${change.why}` : null
}

function leftOutByPaths(name: string, { paths: whose }: CiPart, paths: PathSettings, change: Change): string | null {
  if (whose === "none") return null
  if (whose !== "own") {
    const why = leftOutByPatterns(whose.of, paths, change)
    return why === null ? null : `${whose.of} does not run: ${why}`
  }
  return leftOutByPatterns(name, paths, change)
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
