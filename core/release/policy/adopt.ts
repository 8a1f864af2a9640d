import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import type { Ledger } from "../../ledger/ledger.js"
import { requireReason } from "../../ledger/limits.js"
import { runId } from "../../qa/run-id.js"
import { TollgateError } from "../../shared/errors.js"
import { shown } from "../approval/plan-problems.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import { policyDifference } from "./difference.js"
import { countedForChange } from "./given.js"
import { usedApprovals } from "./in-force.js"
import { judgeChange } from "./judge-change.js"
import { jsonOf, policyDigest, policyFingerprint, policyOf } from "./policy.js"
import { readPolicyHistory } from "./require.js"

export interface AdoptRequest {
  readonly environment: string
  /** Of the first policy, as `policy show` prints it; empty for later ones. */
  readonly fingerprint: string
  /** Texts of approval files. Those of the ledger count beside them. */
  readonly approvals: readonly string[]
  readonly reason: string
  readonly who: string
}

export interface Adoption {
  readonly service: string
  readonly environment: string
  readonly digest: string
  readonly previous: string | null
  readonly difference: readonly string[]
  readonly approvers: readonly string[]
}

/**
 * Adopts the policy of tollgate.yaml, with approvals under the one in force. The first names its fingerprint: the person who adopts it has seen it.
 *
 * @throws TollgateError `policy-…`
 */
export async function adoptPolicy(settings: Settings, request: AdoptRequest, ledger: Ledger): Promise<Adoption> {
  const { environment, fingerprint, who } = request
  const reason = requireReason(request.reason)
  const policy = policyOf(settings, environment)
  const digest = policyDigest(policy)
  const history = await readPolicyHistory(ledger, environment)
  const { inForce } = history
  if (inForce?.digest === digest)
    throw new TollgateError(
      "policy-in-force",
      `This policy of ${environment} is in force already, since ${inForce.at.slice(0, 10)}.`,
      "No action is needed. Nothing was changed.",
    )
  if (fingerprint === "" ? inForce === null : fingerprint !== policyFingerprint(digest))
    throw new TollgateError(
      "policy-fingerprint",
      fingerprint === ""
        ? `The first policy of ${environment} must be named by its fingerprint.`
        : `The policy of tollgate.yaml has the fingerprint ${policyFingerprint(digest)}, not the one of --fingerprint.`,
      `Read the policy with \`tollgate policy show --env=${environment}\`, and pass the fingerprint that it prints. Nothing was changed.`,
    )
  const files = request.approvals.map(jsonIn)
  const now = new Date()
  const given = await ledger.eventsOfKind(environment, "policy-approval-given")
  const counted = countedForChange(given, files, history, policy, now)
  const before = inForce?.policy ?? null
  const verdict = judgeChange([...files, ...counted.approvals], before, policy, now, usedApprovals(history.adopted))
  if (verdict.kind === "refused")
    throw new TollgateError(
      "policy-not-approved",
      [
        `The policy of ${environment} cannot be adopted:`,
        ...verdict.problems.map((text) => `  ${text}`),
        ...counted.others.map(
          ({ approver, message }) => `  the approval of ${shown(approver)} in the ledger ${message}`,
        ),
      ].join("\n"),
      `Approvers sign the change on the page of the policy in the dashboard, or with files: \`tollgate policy diff --env=${environment} --out=change.json\` writes the change, \`tollgate approve --plan=change.json\` signs it. Nothing was changed.`,
    )
  const { service } = settings.ledger
  await ledger.record(
    { service, environment, release: null, run: runId(new Date()), token: null, who },
    {
      kind: "policy-adopted",
      digest,
      previous: inForce?.digest ?? null,
      reason,
      signed: signed.parse(JSON.parse(JSON.stringify({ policy: jsonOf(policy), approvals: verdict.approvals }))),
    },
  )
  const away = ledgerAway(ledger)
  if (away !== null)
    throw new TollgateError(
      "policy-not-recorded",
      `The adoption could not be recorded: ${away}`,
      "Check the connection to the ledger's Postgres. `tollgate policy history` shows whether it was recorded since.",
    )
  return {
    service,
    environment,
    digest,
    previous: inForce?.digest ?? null,
    difference: policyDifference(inForce?.policy ?? null, policy),
    approvers: verdict.approvals.map(({ statement }) => statement.approver),
  }
}

const signed = z.json()

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
