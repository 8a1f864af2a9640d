import { z } from "zod"
import type { HappeningOf } from "../../ledger/event.js"
import { TollgateError } from "../../shared/errors.js"
import { PLAN_FORMAT, PLAN_VERSION, type Plan, type PlanInput, planSchema } from "./plan.js"
import { digestsOf, identityOf, planId, planSha256 } from "./plan-id.js"

/** A plan with its id. */
export function makePlan(input: PlanInput): Plan {
  return { format: PLAN_FORMAT, version: PLAN_VERSION, id: planId(identityOf(input)), ...input }
}

/**
 * What the ledger keeps of a plan: enough to tell an approval of its file from one of another.
 *
 * @param revision the commit that was planned, "-dirty" at its end when the source has uncommitted changes; empty: not known
 */
export function plannedEvent(plan: Plan, revision = ""): HappeningOf<"planned"> {
  const { commits } = plan
  return {
    kind: "planned",
    planId: plan.id,
    planSha256: planSha256(plan),
    authors: commits.kind === "known" ? commits.authors : null,
    authorsUnknown: commits.kind === "known" ? "" : commits.why,
    settings: digestsOf(plan.settings),
    commits: commits.kind === "known" ? commits.list.map(({ id, at }) => ({ id, at })) : null,
    revision: /^[0-9a-f]{40}$/.test(revision) ? revision : null,
  }
}

/** In characters. A plan has about 10,000; the ledger keeps no larger one than this. */
const LARGEST_KEPT = 256 * 1024

const json = z.json()

/** The plan file, for approvers with a browser; null: it is too large, and has to be approved as a file. */
export function planFileEvent(plan: Plan): HappeningOf<"plan-file"> | null {
  const text = JSON.stringify(plan)
  if (text.length > LARGEST_KEPT) return null
  return { kind: "plan-file", planId: plan.id, planSha256: planSha256(plan), plan: json.parse(JSON.parse(text)) }
}

/** The plan of such an event; null: it is not the one whose id and digest the event names. */
export function planOf({ planId: id, planSha256: sha256, plan }: HappeningOf<"plan-file">): Plan | null {
  const parsed = planSchema.safeParse(plan)
  if (!parsed.success) return null
  const same = parsed.data.id === id && planId(identityOf(parsed.data)) === id && planSha256(parsed.data) === sha256
  return same ? parsed.data : null
}

/**
 * The names that a configuration gained and lost.
 *
 * @param before the live release's, from the ledger; null: not known
 */
export function configChanges(
  before: { names: readonly string[]; digest: string } | null,
  now: { names: readonly string[]; digest: string },
): Plan["config"] {
  if (before === null) return { digest: now.digest, added: [...now.names].sort(), removed: [], changed: null }
  const [old, fresh] = [new Set(before.names), new Set(now.names)]
  return {
    digest: now.digest,
    added: now.names.filter((name) => !old.has(name)).sort(),
    removed: before.names.filter((name) => !fresh.has(name)).sort(),
    changed: before.digest !== now.digest,
  }
}

/** Parses plan.json, which is untrusted. */
export function readPlan(text: string): Plan {
  const refuse = (why: string) =>
    new TollgateError(
      "plan-unreadable",
      `--plan is not a plan: ${why}.`,
      "Make one with `tollgate plan --out=plan.json`. Nothing was signed.",
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse("it is not JSON")
  }
  if (
    typeof value === "object" &&
    value !== null &&
    "format" in value &&
    value.format === PLAN_FORMAT &&
    "version" in value &&
    value.version !== PLAN_VERSION
  )
    throw refuse(`its version is not ${PLAN_VERSION}, the only one that this Tollgate supports`)
  const parsed = planSchema.safeParse(value)
  if (!parsed.success) throw refuse(`${parsed.error.issues[0]?.path.join(".") || "a field"} is missing or wrong`)
  return parsed.data
}
