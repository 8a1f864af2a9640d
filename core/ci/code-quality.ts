import { createHash } from "node:crypto"
import { SETTINGS_FILE } from "../config/settings-file.js"
import type { Located } from "../gate/located.js"
import { clip, oneLine } from "../presentation/plain-text.js"
import type { GateStatus, Status } from "./status.js"

/** Characters of one description, which GitLab shows on a line of a list. */
const LONGEST = 2000

/**
 * gl-code-quality.json, of which GitLab shows what a merge request adds and resolves:
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 *
 * @param located what each gate found in files of the source, by its name
 */
export function codeQuality(status: Status, located: ReadonlyMap<string, readonly Located[]>): string {
  const seen = new Map<string, number>()
  const entries = status.gates.flatMap((gate) => {
    const found = located.get(gate.name) ?? []
    return (found.length === 0 ? unlocated(gate) : found).map((one) => entry(gate.name, one, seen))
  })
  return `${JSON.stringify(entries, null, 2)}\n`
}

function entry(gate: string, { check, weight, message, path, line, key }: Located, seen: Map<string, number>): object {
  // without the line: what only moved is neither new nor resolved
  const same = JSON.stringify([gate, check, path, key])
  const before = seen.get(same) ?? 0
  seen.set(same, before + 1)
  return {
    description: oneLine(clip(message, LONGEST)),
    check_name: `${gate}/${check}`,
    fingerprint: createHash("sha256")
      .update(JSON.stringify([same, before]))
      .digest("hex"),
    severity: weight,
    location: { path, lines: { begin: line ?? 1 } },
  }
}

const WEIGHTS = { failed: "critical", inconclusive: "major", skipped: "info" } as const

/** A gate that did not pass and names no file: without an entry, GitLab would show its earlier findings as resolved, and no reason. */
function unlocated({ name, verdict, words }: GateStatus): Located[] {
  if (verdict === "passed") return []
  const message = `${name} ${verdict === "inconclusive" ? "is inconclusive" : verdict}: ${words}`
  return [{ check: verdict, weight: WEIGHTS[verdict], message, path: SETTINGS_FILE, line: null, key: "" }]
}
