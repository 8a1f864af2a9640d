import type { ApprovalSettings, Approver } from "../../config/approvals.js"
import { samePerson } from "../../config/approver-key.js"
import { approvalId, type Statement } from "./approval.js"
import { shown } from "./plan-problems.js"
import type { Found } from "./problem.js"

/** What the ledger has about the plans and approvals of an environment. */
export interface ApprovalRecords {
  /** By SHA-256 of the plan file: plans that `tollgate plan` made. */
  readonly plans: ReadonlyMap<string, RecordedPlan>
  /** By id of the approval: other releases that it brought traffic to. */
  readonly uses: ReadonlyMap<string, readonly string[]>
}

export interface RecordedPlan {
  readonly planId: string
  /** Authors of the planned commits; null: not known. */
  readonly authors: readonly string[] | null
  /** Why they are not known; empty: they are. */
  readonly why: string
}

interface Asked {
  readonly settings: ApprovalSettings
  readonly records: ApprovalRecords
  readonly deployer: string
}

/** Where an approval of the right plan contradicts what is recorded: another file, used before, by an author or the deployer. */
export function recordProblems(statement: Statement, known: Approver, { settings, records, deployer }: Asked): Found[] {
  const plan = records.plans.get(statement.planSha256)
  if (plan === undefined || plan.planId !== statement.planId)
    return [
      {
        code: "approval-other-file",
        message: "is for a plan file that `tollgate plan` did not record: it was changed, or made with another ledger",
      },
    ]
  const uses = records.uses.get(approvalId(statement)) ?? []
  const used: Found[] =
    uses.length < settings.uses
      ? []
      : [
          {
            code: "approval-used",
            message: `was used for ${uses.join(", ")}; approvals.uses is ${settings.uses}`,
          },
        ]
  // at night the only one at hand may be the author: break-glass is reviewed afterwards instead
  const separated = settings.requireSeparation && statement.purpose === "approval"
  return [...used, ...(separated ? separationProblems(plan, known, deployer) : [])]
}

/** An author, and the deployer, approve nothing of their own. */
function separationProblems({ authors, why }: RecordedPlan, known: Approver, deployer: string): Found[] {
  const names = [known.name, ...known.also]
  const isOne = (name: string) => names.some((one) => samePerson(one, name))
  const problems: Found[] = []
  if (authors === null)
    problems.push({
      code: "approval-authors-unknown",
      message: `cannot be told from an approval of the author's own commit: the plan has no authors (${why}), and approvals.requireSeparation is true`,
    })
  const own = authors?.find(isOne)
  if (own !== undefined)
    problems.push({
      code: "approval-own-commit",
      message: `is by ${known.name}, who wrote a commit of this plan as ${shown(own)}: approvals.requireSeparation is true`,
    })
  if (isOne(deployer))
    problems.push({
      code: "approval-own-deployment",
      message: `is by ${known.name}, who deploys as ${shown(deployer)}: approvals.requireSeparation is true`,
    })
  return problems
}
