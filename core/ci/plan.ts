import type { PathSettings } from "../config/paths.js"
import { count } from "../shared/figures.js"
import { matchesPathOrFolder } from "../shared/path-pattern.js"
import { FILTERED, GATES, type GateName } from "./gate.js"
import { type Saved, UNTOUCHED } from "./saved.js"

/** What a change touched; `unknown` when it cannot be told. */
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
  /** null: this is no run after a save. */
  saved: Saved | null
}

/** Files that say what the gates are: after a change to one of them, all of them run. */
const RULING = ["tollgate.yaml"]

/** Decides which gates run. Whatever is not known makes them run. */
export function planGates({ paths, absent, change, saved }: Planned): PlannedGate[] {
  const byPaths = (name: GateName) => leftOutByPaths(name, paths, change) ?? leftOutAfterSave(name, paths, saved)
  const test = byPaths("test")
  return GATES.map((name) => ({
    name,
    leftOut: absent.get(name) ?? (name === "patch-coverage" ? patchReason(change, test) : byPaths(name)),
  }))
}

function patchReason(change: Change, test: string | null): string | null {
  if (change.kind === "unknown") return `no base to compare with: ${change.why}`
  return test === null ? null : `test does not run: ${test}`
}

/** Without patterns, nothing says what a save touches. A load test takes its whole time on each run. */
function leftOutAfterSave(name: GateName, paths: PathSettings, saved: Saved | null): string | null {
  if (saved === null) return null
  const filtered = FILTERED.find((one) => one === name)
  if (filtered === undefined || paths[filtered] === undefined)
    return name === "load" ? "not run after a save, because tollgate.yaml has no paths.load" : null
  const touched = leftOutByPaths(name, paths, { kind: "known", files: saved.files }) === null
  return touched || !saved.passed.has(name) ? null : UNTOUCHED
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
