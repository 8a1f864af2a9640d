import type { Settings } from "../../config/schema.js"
import type { Ledger } from "../../ledger/ledger.js"
import { type ApprovalFile, approvalFile } from "../../release/approval/approval.js"
import { countedApprovals, givenApprovals, recordGiven } from "../../release/approval/given.js"
import { judgeApprovals } from "../../release/approval/verify.js"
import { planOf } from "../../release/plan/make.js"
import type { Plan } from "../../release/plan/plan.js"
import type { EnvironmentFacts } from "../model/environment.js"
import { approvalRules, askedOf } from "../model/plan-page.js"
import { waitingPlans } from "../model/plans.js"
import type { Questions } from "../reading/questions.js"
import type { LedgerReader } from "../reading/reader.js"
import type { CurrentSettings } from "./current-settings.js"
import { jsonIn, type Received, type Refusal, refusedByLedger } from "./received.js"

export interface ApprovalDeskParts {
  readonly current: CurrentSettings
  readonly reader: LedgerReader
  readonly ask: Questions
  /** A connection that may write. */
  readonly ledger: () => Promise<Ledger>
}

/** Takes approvals that a browser signed, and writes to the ledger those that a deployment would accept now. */
export class ApprovalDesk {
  readonly #parts: ApprovalDeskParts

  constructor(parts: ApprovalDeskParts) {
    this.#parts = parts
  }

  /**
   * @param text the approval file
   * @throws TollgateError `ledger-…`: the approval may have been recorded
   */
  async receive(environment: string, text: string): Promise<Received> {
    const { current, reader, ask, ledger } = this.#parts
    await reader.refresh()
    const { value: facts, position, readAt } = await ask.environment(environment)
    const parsed = approvalFile.safeParse(jsonIn(text))
    const sha256 = parsed.success ? parsed.data.statement.planSha256 : ""
    const { value: event } = await ask.planFile([environment, sha256])
    const plan = event?.what.kind === "plan-file" ? planOf(event.what) : null
    const now = new Date(Date.parse(position.at) + Date.now() - readAt)
    const verdict = judgeNew(text, current.settings, facts, plan, now)
    if ("problems" in verdict) return { kind: "refused", problems: verdict.problems }
    try {
      await recordGiven(await ledger(), verdict.file)
    } catch (error) {
      const refused = refusedByLedger(error)
      if (refused === null) throw error
      return { kind: "refused", problems: [refused] }
    }
    // the approver reads the page next
    await reader.refresh()
    return { kind: "recorded", answer: { approval: verdict.file.statement.planId } }
  }
}

/**
 * What a deployment of this plan would refuse, and a second approval of a person. Pure.
 *
 * @param text the approval file
 * @param plan as the ledger has it; null: it does not
 */
export function judgeNew(
  text: string,
  settings: Settings,
  facts: EnvironmentFacts,
  plan: Plan | null,
  now: Date,
): { readonly file: ApprovalFile } | { readonly problems: readonly Refusal[] } {
  const refuse = (code: string, message: string) => ({ problems: [{ code, message }] })
  const parsed = approvalFile.safeParse(jsonIn(text))
  if (!parsed.success) return refuse("approval-unreadable", "is not an approval: a field is missing, wrong or unknown")
  const file = parsed.data
  if (file.statement.purpose !== "approval")
    return refuse("approval-unreadable", "is for --break-glass: pass it to `tollgate deploy` as a file")
  if (plan === null || plan.environment !== facts.environment || plan.service !== settings.ledger.service)
    return refuse("approval-other-file", "is for a plan file that this ledger does not have for this environment")
  const rules = approvalRules(settings, facts)
  if (rules === null) return refuse("policy-missing", "has no policy to go by: none of this environment is in force")
  if (!waitingPlans(facts, rules, now).some(({ planId }) => planId === plan.id))
    return refuse("approval-over", "is for a plan that was deployed, or is older than the latest one that was")
  const asked = askedOf(settings, facts, plan, rules, now)
  const { texts } = countedApprovals(givenApprovals([...facts.given].reverse(), plan.id), [], asked)
  const judged = judgeApprovals([...texts, text], asked)
  const problems = judged.kind === "approved" ? [] : judged.problems.filter((one) => one.file === texts.length)
  return problems.length === 0 ? { file } : { problems: problems.map(({ code, message }) => ({ code, message })) }
}
