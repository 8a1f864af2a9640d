import type { ApprovalSettings } from "../../config/approvals.js"
import { TollgateError } from "../../shared/errors.js"

/** Shortest accepted reason, in characters. */
const SHORTEST = 10

/** What it overrides. A wrong approval is no missing one: its approver meant another deployment. */
const WAIVABLE: ReadonlySet<string> = new Set(["approval-too-few", "frozen"])

export type Passage =
  /** Nothing refuses the deployment. */
  | { kind: "open" }
  /** An operator overrides the refusals with a reason: printed, recorded and sent to all channels. */
  | { kind: "broken-glass"; reason: string; waived: string[]; banner: string[] }

/**
 * Whether --break-glass lets a deployment continue. It overrides missing approvals and freezes only, never a wrong approval, a gate, the
 * configuration or the target.
 *
 * @param refusals codes: `approval-…`, `frozen`
 * @param given text of --break-glass; null: not passed
 * @param people who deploys, and who signed for it; signer null: no signature
 * @returns null: the deployment is refused
 * @throws TollgateError `break-glass-…`
 */
export function breakGlass(
  refusals: readonly string[],
  given: string | null,
  settings: ApprovalSettings,
  environment: string,
  people: { deployer: string; signer: string | null },
): Passage | null {
  const { deployer, signer } = people
  if (given === null) return refusals.length === 0 ? { kind: "open" } : null
  const reason = given.replace(/\s+/g, " ").trim()
  if ([...reason].length < SHORTEST)
    throw new TollgateError(
      "break-glass-reason",
      "--break-glass has no reason.",
      `Write in at least ${SHORTEST} characters what cannot wait. It is recorded and sent to all channels. Nothing was changed.`,
    )
  if (!settings.breakGlass)
    throw new TollgateError(
      "break-glass-forbidden",
      `${environment} does not allow --break-glass (environments.${environment}.approvals.breakGlass).`,
      "Get the approvals, or wait for the end of the freeze. Nothing was changed.",
    )
  if (refusals.length === 0) return { kind: "open" }
  if (refusals.some((code) => !WAIVABLE.has(code))) return null
  // an environment without keys has no one who could sign
  if (settings.keys.length > 0 && signer === null)
    throw new TollgateError(
      "break-glass-unsigned",
      `--break-glass needs the signature of a key that environments.${environment}.approvals.keys lists.`,
      `Sign the plan with \`tollgate approve --break-glass\`, and pass the file with --approval. Nothing was changed.`,
    )
  const waived = [...new Set(refusals)]
  return {
    kind: "broken-glass",
    reason,
    waived,
    banner: [
      "!!! BREAK GLASS !!!",
      `${deployer} deploys to ${environment} and overrides: ${waived.join(", ")}`,
      ...(signer === null ? [] : [`signed by ${signer}`]),
      `reason: ${reason}`,
      "This is recorded in the ledger and sent to all channels.",
    ],
  }
}
