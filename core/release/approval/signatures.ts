import { canonicalKey } from "../../config/approver-key.js"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import type { HappeningOf, LedgerEvent } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import { type PolicyHistory, policyHistory } from "../policy/in-force.js"
import { approvalFile, fingerprint, type Statement } from "./approval.js"
import { isSigned } from "./verify.js"

/** What reading the approvals and policies of a ledger says of them. Needs only public keys. */
export interface SignatureVerdict {
  readonly verified: number
  /** Recorded by an earlier Tollgate, which kept no signatures. */
  readonly unsigned: number
  readonly problems: readonly SignatureProblem[]
}

export interface SignatureProblem {
  /** Number of the event in the ledger. */
  readonly number: number
  readonly release: string | null
  readonly why: string
}

/** Public keys that an environment lists, also revoked ones: what they signed before stays signed. */
export function keysOf(settings: Settings, environment: string): string[] {
  return environmentSettings(settings, environment).approvals.keys.map(({ key }) => key)
}

/** Lines about environments whose recorded approvals or policies are wrong. */
export async function wrongSignatures(
  ledger: Events,
  settings: Settings,
  environments: readonly string[],
): Promise<string[]> {
  const lines: string[] = []
  for (const environment of environments) {
    const verdict = await verifySignatures(ledger, environment, keysOf(settings, environment))
    if (verdict.problems.length > 0) lines.push(`${environment}: ${signatureLine(verdict)}`)
  }
  return lines
}

type Events = Pick<Ledger, "eventsOfKind">

/** @param keys every public key that may have signed, also those that are revoked now */
export async function verifySignatures(
  ledger: Events,
  environment: string,
  keys: readonly string[],
): Promise<SignatureVerdict> {
  const approved = await ledger.eventsOfKind(environment, "approved")
  const broken = await ledger.eventsOfKind(environment, "broke-glass")
  const started = await ledger.eventsOfKind(environment, "release-started")
  const approvals = judgeSignatures(
    [...approved, ...broken].sort((one, other) => one.number - other.number),
    plansOf(started),
    keys,
  )
  return withPolicies(approvals, policyHistory(await ledger.eventsOfKind(environment, "policy-adopted")))
}

/** An adoption counts as one signature, however many approved it. */
export function withPolicies(approvals: SignatureVerdict, policies: PolicyHistory): SignatureVerdict {
  const forged = policies.problems.map(({ number, why }) => ({
    number,
    release: null,
    why: `is not a valid adoption of a policy: ${why}`,
  }))
  return {
    verified: approvals.verified + policies.adopted.length,
    unsigned: approvals.unsigned,
    problems: [...approvals.problems, ...forged].sort((one, other) => one.number - other.number),
  }
}

function plansOf(started: readonly LedgerEvent[]): Map<string, Set<string>> {
  const plans = new Map<string, Set<string>>()
  for (const { what, context } of started)
    if (what.kind === "release-started" && context.release !== null && what.planId !== null)
      plans.set(context.release, (plans.get(context.release) ?? new Set()).add(what.planId))
  return plans
}

/**
 * @param events approvals and break-glass of one environment, oldest first
 * @param plans plan ids by release
 */
export function judgeSignatures(
  events: readonly LedgerEvent[],
  plans: ReadonlyMap<string, ReadonlySet<string>>,
  keys: readonly string[],
): SignatureVerdict {
  const known = new Set(keys.map(canonicalKey))
  const problems: SignatureProblem[] = []
  let [verified, unsigned] = [0, 0]
  for (const event of events) {
    const { what, number, context } = event
    if (what.kind !== "approved" && what.kind !== "broke-glass") continue
    if (what.signed === null) {
      // break-glass needs no signature where no key is listed
      if (what.kind === "approved" && verified > 0)
        problems.push({ number, release: context.release, why: "has no signature, though earlier ones have" })
      else unsigned += 1
      continue
    }
    const why = whyWrong(event, what.signed, plans, known)
    if (why === null) verified += 1
    else problems.push({ number, release: context.release, why })
  }
  return { verified, unsigned, problems }
}

function whyWrong(
  { what, context }: LedgerEvent,
  signed: unknown,
  plans: ReadonlyMap<string, ReadonlySet<string>>,
  known: ReadonlySet<string>,
): string | null {
  const parsed = approvalFile.safeParse(signed)
  if (!parsed.success) return "is not an approval"
  const file = parsed.data
  const { statement } = file
  if (!isSigned(file)) return "has a signature that does not match"
  if (!known.has(canonicalKey(statement.key)))
    return `is signed with the key ${fingerprint(statement.key)}, which is not listed`
  if (statement.service !== context.service || statement.environment !== context.environment)
    return "is for another service or environment"
  if (context.release === null || plans.get(context.release)?.has(statement.planId) !== true)
    return "is for another plan than its release had"
  if (statement.purpose !== (what.kind === "approved" ? "approval" : "break-glass")) return "is for another purpose"
  return what.kind === "approved" && saysElse(what, statement) ? "differs from what was signed" : null
}

/** Whether an event says something else than the statement that was signed. */
export function saysElse(what: HappeningOf<"approved">, statement: Statement): boolean {
  // names and reasons are free text, from which secrets are redacted
  const same = ["planId", "planSha256", "key", "signedAt", "expiresAt"] as const
  return same.some((name) => what[name] !== statement[name])
}

/** One line for a screen; empty when there is nothing to verify. */
export function signatureLine({ verified, unsigned, problems }: SignatureVerdict): string {
  const [first] = problems
  if (first !== undefined)
    return `FAILED: ${problems.length} of ${verified + unsigned + problems.length} recorded approvals and policies: event ${first.number}${first.release === null ? "" : ` of ${first.release}`} ${first.why}`
  if (verified + unsigned === 0) return ""
  return `PASSED: ${verified} ${verified === 1 ? "signature" : "signatures"} of recorded approvals and policies verified${unsigned === 0 ? "" : `, ${unsigned} without one, of an earlier Tollgate`}`
}
