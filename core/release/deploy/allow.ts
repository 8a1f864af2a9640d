import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import type { HappeningOf } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import { TollgateError } from "../../shared/errors.js"
import { count } from "../../shared/figures.js"
import { terminalText } from "../../shared/plain-text.js"
import type { ApprovalFile } from "../approval/approval.js"
import { breakGlass } from "../approval/break-glass.js"
import { countedApprovals, givenApprovals } from "../approval/given.js"
import { shown } from "../approval/plan-problems.js"
import type { ApprovalRecords } from "../approval/record-problems.js"
import { readRecords } from "../approval/records.js"
import { judgeApprovals } from "../approval/verify.js"
import { frozenError, judgeFreeze } from "../freeze/freeze.js"
import type { Recorder } from "../ledger/recorder.js"
import type { Done } from "../pipeline/step.js"
import type { PlanIdentity } from "../plan/plan.js"
import { planId } from "../plan/plan-id.js"
import { approvalCommands } from "./steps.js"

const NO_RECORDS: ApprovalRecords = { plans: new Map(), uses: new Map() }

export interface AllowRequest {
  readonly approvals: readonly string[]
  readonly breakGlass: string | null
  readonly who: string
  /** The release in progress. */
  readonly release: string
}

/** Requires the approvals and no freeze, unless --break-glass overrides them. */
export async function requireAllowed(
  settings: Settings,
  identity: PlanIdentity,
  given: AllowRequest,
  ledger: Ledger | null,
  recorder: Recorder,
): Promise<Done> {
  const { environment } = identity
  const { approvals, freeze } = environmentSettings(settings, environment)
  const elsewhere = new Map(
    Object.entries(settings.environments).flatMap(([name, one]) =>
      name === environment ? [] : [[name, one.approvals] as const],
    ),
  )
  const now = new Date()
  const inLedger =
    ledger === null || approvals.required === 0
      ? []
      : givenApprovals(await ledger.eventsOfKind(environment, "approval-given"), planId(identity))
  const all = [...given.approvals, ...inLedger.map((file) => JSON.stringify(file))]
  const records =
    ledger === null || all.length === 0 ? NO_RECORDS : await readRecords(ledger, environment, given.release, all)
  const asked = { identity, settings: approvals, elsewhere, records, deployer: given.who, now }
  const counted = countedApprovals(inLedger, given.approvals, asked)
  const verdict = judgeApprovals([...given.approvals, ...counted.texts], asked)
  const frozen = judgeFreeze(freeze, now)
  const problems = verdict.kind === "refused" ? verdict.problems : []
  const refusals = [...problems.map(({ code }) => code), ...(frozen.kind === "frozen" ? ["frozen"] : [])]
  const [glass = null] = verdict.breakGlass
  const passage = breakGlass(refusals, given.breakGlass, approvals, environment, {
    deployer: given.who,
    signer: glass?.statement.approver ?? null,
  })
  for (const signed of verdict.approvals) await recorder.record(approvedEvent(signed))

  if (passage === null) {
    const [write, sign] = approvalCommands(environment, identity.releaseVersion)
    if (problems.length > 0)
      recorder.tell("approval-needed", {
        planId: planId(identity),
        causes: problems.map(({ message }) => message),
        commands: approvalCommands(environment, identity.releaseVersion),
      })
    if (problems.length === 0 && frozen.kind === "frozen") throw frozenError(environment, freeze.zone, frozen)
    throw new TollgateError(
      problems.length === 1 && problems[0] !== undefined ? problems[0].code : "approval-refused",
      [
        `${environment} refused this deployment:`,
        ...problems.map(
          ({ code, file, message }) => `  ${code}: ${file === null ? "" : `approval ${file + 1} `}${message}`,
        ),
        ...(frozen.kind === "frozen" ? [`  frozen: ${frozen.reasons.join("; ")}`] : []),
        ...(counted.others.length === 0 ? [] : ["Approvals in the ledger that do not count:"]),
        ...counted.others.map(({ code, approver, message }) => `  ${code}: that of ${shown(approver)} ${message}`),
      ].join("\n"),
      `The plan is ${planId(identity)}. Write it with \`${write}\` and sign it with \`${sign}\`.`,
    )
  }
  if (passage.kind === "broken-glass") {
    for (const text of passage.banner) process.stderr.write(`${terminalText(text)}\n`)
    await recorder.record({ kind: "broke-glass", reason: passage.reason, waived: passage.waived, signed: glass })
    requireKept(ledger, verdict.approvals.length + verdict.breakGlass.length)
    recorder.tell("break-glass", { planId: planId(identity), causes: [passage.reason] })
    return { kind: "done", note: `BREAK GLASS, overrides ${passage.waived.join(", ")}: ${passage.reason}` }
  }
  requireKept(ledger, verdict.approvals.length)
  if (approvals.required === 0) return { kind: "skipped", note: `environments.${environment}.approvals.required is 0` }
  return {
    kind: "done",
    note: `${count(verdict.approvals.length, "approval")}: ${verdict.approvals.map(({ statement }) => statement.approver).join(", ")}`,
  }
}

function approvedEvent(signed: ApprovalFile): HappeningOf<"approved"> {
  const { planId, planSha256, approver, key, reason, signedAt, expiresAt } = signed.statement
  return { kind: "approved", planId, planSha256, approver, key, reason, signedAt, expiresAt, signed }
}

/** An approval counts only where its use is recorded: else it could be used again. */
function requireKept(ledger: Ledger | null, used: number): void {
  if (used === 0 || ledger?.state.kind === "online") return
  throw new TollgateError(
    "approval-not-recorded",
    "The use of the approvals could not be recorded: the ledger is unreachable.",
    "Check the connection to its Postgres and deploy again. Nothing was changed.",
  )
}
