import type { ReleaseOutcome } from "../../ledger/event.js"

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
