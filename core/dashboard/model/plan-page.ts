import type { ApprovalSettings } from "../../config/approvals.js"
import { canonicalKey } from "../../config/approver-key.js"
import type { Settings } from "../../config/schema.js"
import type { LedgerEvent } from "../../ledger/event.js"
import type { Statement } from "../../release/approval/approval.js"
import { type Counted, countedApprovals, givenApprovals } from "../../release/approval/given.js"
import { recordsOf } from "../../release/approval/records.js"
import type { Asked } from "../../release/approval/verify.js"
import { planOf } from "../../release/plan/make.js"
import type { Plan } from "../../release/plan/plan.js"
import { identityOf } from "../../release/plan/plan-id.js"
import type { EnvironmentFacts } from "./environment.js"
import { type WaitingPlan, waitingPlans } from "./plans.js"
import type { ToSign } from "./to-sign.js"

export interface PlanPage {
  readonly plan: Plan
  /** Who may approve it, and the approvals in the ledger; null: it was deployed, or it is out of date. */
  readonly waiting: WaitingPlan | null
  readonly required: number
  readonly counted: Counted
  /** What an approver signs; null: it cannot be approved here, for the reason in `closed`. */
  readonly approve: ToSign<Statement> | null
  readonly closed: string
}

/** A plan as its file in the ledger has it; null: the event has no plan, or another one than it names. */
export function planPage(settings: Settings, facts: EnvironmentFacts, file: LedgerEvent, now: Date): PlanPage | null {
  const { what } = file
  if (what.kind !== "plan-file") return null
  const plan = planOf(what)
  if (plan === null || plan.environment !== facts.environment || plan.service !== settings.ledger.service) return null
  const rules = approvalRules(settings, facts)
  const waiting = waitingPlans(facts, rules, now).find(({ planId }) => planId === plan.id) ?? null
  const asked = rules === null ? null : askedOf(settings, facts, plan, rules, now)
  const counted =
    asked === null
      ? { texts: [], others: [] }
      : countedApprovals(givenApprovals([...facts.given].reverse(), plan.id), [], asked)
  const closed =
    waiting === null
      ? "It was deployed, or it is older than the latest plan that was."
      : rules === null
        ? "No policy of this environment is in force."
        : rules.required === 0
          ? "This environment requires no approval."
          : ""
  return {
    plan,
    waiting,
    required: rules?.required ?? 0,
    counted,
    approve:
      closed !== "" || rules === null
        ? null
        : {
            statement: statementOf(plan, what.planSha256),
            approvers: rules.keys.map(({ name, key }) => ({ name, key: canonicalKey(key) })),
            validities: validitiesOf(rules),
          },
    closed,
  }
}

/** Of the policy in force; of tollgate.yaml where no policy is needed. null: neither. */
export function approvalRules(
  settings: Settings,
  { environment, policies }: Pick<EnvironmentFacts, "environment" | "policies">,
): ApprovalSettings | null {
  if (policies.inForce !== null) return policies.inForce.policy.approvals
  if (!Object.hasOwn(settings.environments, environment)) return null
  const own = settings.environments[environment]?.approvals ?? null
  return own === null || own.required > 0 ? null : own
}

/** What judges an approval of the plan. Who deploys is not known before. */
export function askedOf(
  settings: Settings,
  { environment, planned }: Pick<EnvironmentFacts, "environment" | "planned">,
  plan: Plan,
  rules: ApprovalSettings,
  now: Date,
): Asked {
  const others = Object.entries(settings.environments).filter(([name]) => name !== environment)
  return {
    identity: identityOf(plan),
    settings: rules,
    elsewhere: new Map(others.map(([name, { approvals }]) => [name, approvals])),
    records: recordsOf(planned, [], new Set()),
    deployer: "",
    now,
  }
}

function statementOf(plan: Plan, planSha256: string): ToSign<Statement>["statement"] {
  const identity = identityOf(plan)
  return {
    purpose: "approval",
    ...identity,
    migrations: [...identity.migrations],
    commands: [...identity.commands],
    settings: { ...identity.settings },
    planId: plan.id,
    planSha256,
  }
}

const HOUR = 3600

export function validitiesOf({ longest }: ApprovalSettings): number[] {
  const usual = [4 * HOUR, HOUR, 12 * HOUR, 24 * HOUR].filter((one) => one <= longest)
  return usual.length === 0 ? [longest] : usual
}
