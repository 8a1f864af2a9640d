import { deployGates } from "../../config/gates.js"
import type { ReleaseRecord, StepRecord } from "../../ledger/ledger.js"

/** How a gate of a deployment ended last, and the time before. */
export interface EnvironmentCheck {
  readonly step: string
  readonly latest: StepRecord
  readonly release: string
  /** How it ended in the release before with that step; null: in none. */
  readonly before: StepRecord["outcome"] | null
}

/** Of each gate of deployments that ended in a release. @param releases the newest first */
export function environmentChecks(releases: readonly ReleaseRecord[]): EnvironmentCheck[] {
  return deployGates.flatMap(({ deploy: { step } }) => {
    const ended = releases.flatMap(({ id, steps }) => {
      const record = steps.findLast(({ name, outcome }) => name === step && outcome !== "running")
      return record === undefined ? [] : [{ id, record }]
    })
    const [latest, before] = ended
    return latest === undefined
      ? []
      : [{ step, latest: latest.record, release: latest.id, before: before?.record.outcome ?? null }]
  })
}
