import type { ReleaseOutcome } from "../../ledger/event.js"
import type { RollbackStep } from "./choose.js"

/** The state after a failed rollback was undone. */
export interface Aftermath {
  readonly at: RollbackStep
  /** Another run holds the environment. */
  readonly lost: boolean
  /** Whether the release before is verified to serve. */
  readonly serves: boolean
}

/** The outcome of a failed rollback, for the ledger. */
export function outcomeOf({ at, lost, serves }: Aftermath): Exclude<ReleaseOutcome, "live"> {
  if (at === "choose") return "refused"
  if (lost) return "interrupted"
  return serves ? "failed" : "broken"
}

/**
 * The action after a rollback.
 *
 * @param contract what migrations removed (database.contract)
 */
export function nextOf(outcome: ReleaseOutcome, environment: string, contract: readonly string[]): string {
  switch (outcome) {
    case "live":
      return databaseAfter(contract)
    case "refused":
      return `Nothing was changed. \`tollgate status --env=${environment}\` lists the releases that --to can name.`
    case "failed":
    case "rolled-back":
      return `Fix the cause (\`tollgate logs --env=${environment} --release=ID\`), or choose another release with --to: \`tollgate history --env=${environment}\` lists them.`
    case "interrupted":
      return `\`tollgate status --env=${environment}\` shows what is serving and which run claimed it last. Run the command again when that run has ended.`
    case "broken":
      return `Act now: \`tollgate status --env=${environment}\` shows what is there, \`tollgate rollback --env=${environment} --to=RELEASE\` chooses another release. Runbook: docs/runbook-rollback.md`
  }
}

/** A rollback moves the traffic only: a downgrade would lose rows written since the deployment. */
function databaseAfter(contract: readonly string[]): string {
  const stays = "The database was not changed: a rollback never downgrades it."
  return contract.length === 0
    ? stays
    : `${stays} What ${contract.join(", ")} removed (database.contract) is missing for this release too.`
}
