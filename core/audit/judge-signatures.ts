import { canonicalKey } from "../config/approver-key.js"
import type { LedgerEvent } from "../ledger/event.js"
import { approvalFile, fingerprint, type Statement } from "../release/approval/approval.js"
import { recordsOf } from "../release/approval/records.js"
import { reviewFile, whyNoReview } from "../release/approval/review.js"
import { saysElse } from "../release/approval/signatures.js"
import { judgeApprovals } from "../release/approval/verify.js"
import { policyApproval } from "../release/policy/change.js"
import { type Adopted, policyHistory } from "../release/policy/in-force.js"
import type { Policy } from "../release/policy/policy.js"
import { count } from "../shared/figures.js"
import { type EventOf, eventsOfKind, gotTraffic } from "./change.js"
import { EventIndex } from "./event-index.js"
import { type AuditProblem, NEXT } from "./problem.js"

export interface SignatureFacts {
  readonly problems: readonly AuditProblem[]
  readonly policies: number
  /** Of policies, approvals, break-glass and reviews. */
  readonly signatures: number
  /** Names and fingerprints of the keys that signed. */
  readonly signers: readonly string[]
}

/**
 * Verifies every signature under the policy that was in force at that time, and that each deployment which got traffic had the approvals
 * that this policy required.
 *
 * @param events of the export's service and environment, oldest first
 * @param trusted keys that the reader knows; empty: those that the policies list
 */
export function judgeSignatures(events: readonly LedgerEvent[], trusted: readonly string[]): SignatureFacts {
  const history = policyHistory(events)
  const problems: AuditProblem[] = history.problems.map(({ number, why }) => ({
    what: `event ${number}: the adopted policy ${why}`,
    next: NEXT.signature,
  }))
  const signed = new Signers()
  for (const { what } of eventsOfKind(events, "policy-adopted")) signed.addPolicy(what.signed)
  const index = new EventIndex(events)
  // also of changes that started before the period
  for (const [release, own] of index.releases)
    problems.push(...releaseProblems(release, own, index, history.adopted, signed))
  const known = new Set(trusted.map(canonicalKey))
  if (known.size > 0)
    for (const [key, name] of signed.keys)
      if (!known.has(key))
        problems.push({
          what: `${name} signed with the key ${fingerprint(key)}, which --key does not list`,
          next: NEXT.keys,
        })
  return {
    problems,
    policies: history.adopted.length,
    signatures: signed.count,
    signers: [...signed.keys].map(([key, name]) => `${name} ${fingerprint(key)}`).sort(),
  }
}

class Signers {
  readonly keys = new Map<string, string>()
  count = 0

  add({ key, approver }: Pick<Statement, "key" | "approver">): void {
    this.count += 1
    this.keys.set(canonicalKey(key), approver)
  }

  addPolicy(signed: unknown): void {
    if (typeof signed !== "object" || signed === null || !("approvals" in signed) || !Array.isArray(signed.approvals))
      return
    for (const one of signed.approvals) {
      const parsed = policyApproval.safeParse(one)
      if (parsed.success) this.add(parsed.data.statement)
    }
  }
}

function releaseProblems(
  release: string,
  own: readonly LedgerEvent[],
  index: EventIndex,
  adopted: readonly Adopted[],
  signed: Signers,
): AuditProblem[] {
  const starts = eventsOfKind(own, "release-started")
  const problems = starts.flatMap((start) => runProblems(start, own, index, adopted, signed))
  const runs = new Set(starts.map(({ context }) => context.run))
  for (const event of own)
    if ((event.what.kind === "approved" || event.what.kind === "broke-glass") && !runs.has(event.context.run))
      problems.push({
        what: `event ${event.number} approves a run of ${release} that did not start`,
        next: NEXT.signature,
      })
  return [...problems, ...reviewProblems(own, adopted, signed)]
}

/** A release that was interrupted and continued has several runs, each with its own approvals. */
function runProblems(
  start: EventOf<"release-started">,
  own: readonly LedgerEvent[],
  index: EventIndex,
  adopted: readonly Adopted[],
  signed: Signers,
): AuditProblem[] {
  const { run, release, who } = start.context
  const mine = own.filter(({ context }) => context.run === run)
  const approved = eventsOfKind(mine, "approved")
  const broken = eventsOfKind(mine, "broke-glass")
  const problem = (what: string, number = start.number): AuditProblem => ({
    what: `event ${number}, ${release}: ${what}`,
    next: NEXT.signature,
  })
  const { policy, problem: wrongPolicy } = policyOfRun(start, index, adopted)
  const problems = wrongPolicy === null ? [] : [problem(wrongPolicy)]
  const withTraffic = gotTraffic(mine, run) && start.what.action === "deploy"
  if (policy === null)
    return [
      ...problems,
      ...approved.map(({ number }) => problem("is an approval, but no policy in force listed its key", number)),
    ]
  const files = [...approved, ...broken.filter(({ what }) => what.signed !== null)]
  for (const { what, number } of files) {
    const parsed = approvalFile.safeParse(what.signed)
    const statement = parsed.success ? parsed.data.statement : null
    if (statement !== null) signed.add(statement)
    if (statement === null) problems.push(problem(`is ${what.signed === null ? "not signed" : "no approval"}`, number))
    else if (statement.purpose !== (what.kind === "approved" ? "approval" : "break-glass"))
      problems.push(problem("is signed for another purpose", number))
    else if (what.kind === "approved" && saysElse(what, statement))
      problems.push(problem("differs from what was signed", number))
  }
  const texts = files.filter(({ what }) => what.signed !== null)
  const [identity = null] = texts.flatMap(({ what }) => {
    const parsed = approvalFile.safeParse(what.signed)
    return parsed.success ? [parsed.data.statement] : []
  })
  if (identity !== null) {
    const uses = index.usesBefore(start, identity.planId)
    const verdict = judgeApprovals(
      texts.map(({ what }) => JSON.stringify(what.signed)),
      {
        identity: {
          ...identity,
          service: start.context.service,
          environment: start.context.environment,
          imageDigest: start.what.digest,
          releaseVersion: start.what.version ?? identity.releaseVersion,
          migrations: start.what.migrations,
          configDigest: start.what.configDigest ?? identity.configDigest,
        },
        settings: { ...policy.approvals, required: 0 },
        elsewhere: new Map(),
        records: recordsOf(index.plansBefore(start, identity.planId), uses.signed, uses.served),
        deployer: who,
        now: clockOf(texts[0] ?? start, policy),
      },
    )
    if (verdict.kind === "refused")
      for (const { file, message } of verdict.problems)
        problems.push(problem(`its approval ${message}`, texts[file ?? 0]?.number))
  }
  if (identity !== null && start.what.planId !== identity.planId)
    problems.push(problem("its approvals are for another plan than the one that was deployed"))
  problems.push(...glassProblems(broken, policy).map((text) => problem(text)))
  const waived = broken.some(({ what }) => what.waived.includes("approval-too-few"))
  if (withTraffic && !waived && approved.length < policy.approvals.required)
    problems.push(
      problem(
        `got traffic with ${count(approved.length, "approval")}; the policy in force required ${policy.approvals.required}`,
      ),
    )
  return problems
}

/** The policy that a run was judged by: in force when it began, or adopted until it had judged it. */
function policyOfRun(
  start: EventOf<"release-started">,
  index: EventIndex,
  adopted: readonly Adopted[],
): { policy: Policy | null; problem: string | null } {
  const began = index.beginOf(start)
  const atFirst = adopted.findLast(({ number }) => number < began)
  const until = adopted.filter(({ number }) => number > began && number < start.number)
  const candidates = [...(atFirst === undefined ? [] : [atFirst]), ...until]
  const named = index.policyNamedBy(start)
  const policy = candidates.at(-1)?.policy ?? null
  if (named === null) return { policy, problem: null }
  const found = candidates.find(({ digest }) => digest === named)
  return found === undefined
    ? {
        policy,
        problem: "was judged by a policy that was not in force: an adoption is missing, or the step was forged",
      }
    : { policy: found.policy, problem: null }
}

/** The time at which approvals were judged: the writer's, unless its clock was wrong. */
function clockOf({ at, happenedAt }: LedgerEvent, { approvals }: Policy): Date {
  const [stored, written] = [Date.parse(at), Date.parse(happenedAt)]
  return new Date(Math.abs(stored - written) <= approvals.clockSkew * 1000 ? written : stored)
}

function glassProblems(broken: readonly EventOf<"broke-glass">[], { approvals }: Policy): string[] {
  if (broken.length === 0) return []
  return [
    ...(approvals.breakGlass ? [] : ["used break-glass, which the policy in force forbade"]),
    ...(approvals.keys.length > 0 && broken.some(({ what }) => what.signed === null)
      ? ["used break-glass without a signature"]
      : []),
  ]
}

function reviewProblems(own: readonly LedgerEvent[], adopted: readonly Adopted[], signed: Signers): AuditProblem[] {
  return eventsOfKind(own, "glass-reviewed").flatMap(({ number, what, context }) => {
    const problem = (text: string) => [
      { what: `event ${number}, ${context.release}: its review ${text}`, next: NEXT.signature },
    ]
    const parsed = reviewFile.safeParse(what.signed)
    if (!parsed.success) return problem("is not signed")
    signed.add(parsed.data.statement)
    const policy = adopted.findLast((one) => one.number < number)?.policy
    if (policy === undefined) return problem("is signed, but no policy in force listed its key")
    const broken = eventsOfKind(own, "broke-glass").findLast((one) => one.number < number)
    if (broken === undefined) return problem("is of a release without break-glass")
    const glass = approvalFile.safeParse(broken.what.signed)
    const { service, environment } = context
    const why = whyNoReview(
      parsed.data,
      {
        service,
        environment,
        release: context.release ?? "",
        reason: broken.what.reason,
        at: broken.at,
        signer: glass.success ? glass.data.statement.approver : "",
        deployer: broken.context.who,
      },
      policy.approvals.keys,
    )
    return why === null ? [] : problem(why)
  })
}
