import type { PathSettings } from "../config/paths.js"
import { count } from "../shared/figures.js"
import { matchesPathOrFolder } from "../shared/path-pattern.js"
import { FILTERED, GATES, type GateName } from "./gate.js"

/** What a change touched; `unknown` without a base. */
export type Change = { kind: "known"; files: readonly string[] } | { kind: "unknown"; why: string }

export interface PlannedGate {
  name: GateName
  /** Why it does not run; null: it runs. */
  leftOut: string | null
}

interface Planned {
  paths: PathSettings
  /** Gates that tollgate.yaml has nothing for, with the reason. */
  absent: ReadonlyMap<GateName, string>
  change: Change
}

/** Files that define the gates: after a change to one of them, every gate runs. */
const RULING = ["tollgate.yaml"]

/** Decides which gates run: in doubt, all of them. */
export function planGates({ paths, absent, change }: Planned): PlannedGate[] {
  const test = leftOutByPaths("test", paths, change)
  return GATES.map((name) => ({
    name,
    leftOut:
      absent.get(name) ?? (name === "patch-coverage" ? patchReason(change, test) : leftOutByPaths(name, paths, change)),
  }))
}

function patchReason(change: Change, test: string | null): string | null {
  if (change.kind === "unknown") return `no base to compare with: ${change.why}`
  return test === null ? null : `test does not run: ${test}`
}

function leftOutByPaths(name: GateName, paths: PathSettings, change: Change): string | null {
  const filtered = FILTERED.find((one) => one === name)
  const patterns = filtered === undefined ? undefined : paths[filtered]
  if (patterns === undefined || change.kind === "unknown") return null
  const { files } = change
  if (files.some((file) => RULING.includes(file) || patterns.some((pattern) => matchesPathOrFolder(file, pattern))))
    return null
  return files.length === 0
    ? "nothing changed since the base"
    : `none of the ${count(files.length, "changed file")} matches paths.${filtered} (${patterns.join(", ")})`
}
