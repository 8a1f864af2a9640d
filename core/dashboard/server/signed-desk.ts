import type { Settings } from "../../config/schema.js"
import type { Ledger } from "../../ledger/ledger.js"
import { judgeReview } from "../../release/approval/judge-review.js"
import type { ReviewFile } from "../../release/approval/review.js"
import { recordReview, reviewRules } from "../../release/approval/review-ledger.js"
import { type PolicyApproval, policyApproval } from "../../release/policy/change.js"
import { countedForChange, recordPolicyApproval } from "../../release/policy/given.js"
import { usedApprovals } from "../../release/policy/in-force.js"
import { judgeChange } from "../../release/policy/judge-change.js"
import { policyOf } from "../../release/policy/policy.js"
import type { EnvironmentFacts } from "../model/environment.js"
import type { ApprovalDeskParts } from "./approval-desk.js"
import { jsonIn, type Received, type Refusal, refusedByLedger } from "./received.js"

type Judged<File> = { readonly file: File } | { readonly problems: readonly Refusal[] }

/** What a desk does with the files of one kind. */
interface Kind<File> {
  readonly judge: (signed: unknown, settings: Settings, facts: EnvironmentFacts, now: Date) => Judged<File>
  /** @returns false: the ledger has it already */
  readonly record: (ledger: Pick<Ledger, "recordOnce">, file: File) => Promise<boolean>
  readonly answer: (file: File) => Readonly<Record<string, string>>
  readonly replayed: string
}

/** Takes files that a browser signed, and writes those to the ledger that count now. */
export interface SignedDesk {
  /**
   * @param text the signed file
   * @throws TollgateError `ledger-…`: it may have been recorded
   */
  receive(environment: string, text: string): Promise<Received>
}

function deskOf<File>(parts: ApprovalDeskParts, kind: Kind<File>): SignedDesk {
  return {
    receive: async (environment, text) => {
      const { current, reader, ask, ledger } = parts
      // judged by the ledger as it is now, not as the pages last saw it
      await reader.refresh()
      const { value: facts, position, readAt } = await ask.environment(environment)
      const now = new Date(Date.parse(position.at) + Date.now() - readAt)
      const judged = kind.judge(jsonIn(text), current.settings, facts, now)
      if ("problems" in judged) return { kind: "refused", problems: judged.problems }
      try {
        if (!(await kind.record(await ledger(), judged.file)))
          return { kind: "refused", problems: [{ code: kind.replayed, message: "is in the ledger already" }] }
      } catch (error) {
        const refused = refusedByLedger(error)
        if (refused === null) throw error
        return { kind: "refused", problems: [refused] }
      }
      // the person who signed reads the page next
      await reader.refresh()
      return { kind: "recorded", answer: kind.answer(judged.file) }
    },
  }
}

/** Of reviews of break-glass. */
export const reviewDesk = (parts: ApprovalDeskParts): SignedDesk =>
  deskOf<ReviewFile>(parts, {
    judge: judgeSentReview,
    record: recordReview,
    answer: ({ statement }) => ({ review: statement.release }),
    replayed: "review-replayed",
  })

/** Of approvals of policies. */
export const policyDesk = (parts: ApprovalDeskParts): SignedDesk =>
  deskOf<PolicyApproval>(parts, {
    judge: judgeSentChange,
    record: recordPolicyApproval,
    answer: ({ statement }) => ({ policy: statement.to }),
    replayed: "policy-approval-replayed",
  })

const NO_POLICY: Refusal = {
  code: "policy-missing",
  message: "has no policy to go by: this dashboard's tollgate.yaml does not have the environment",
}

/** A review as `tollgate review` would refuse it. Pure. */
export function judgeSentReview(
  signed: unknown,
  settings: Settings,
  facts: EnvironmentFacts,
  now: Date,
): Judged<ReviewFile> {
  const { environment, policies } = facts
  if (policies.inForce === null && !Object.hasOwn(settings.environments, environment)) return { problems: [NO_POLICY] }
  return judgeReview(signed, facts, reviewRules(settings, environment, policies), now)
}

/** An approval of the policy that tollgate.yaml proposes now, as `tollgate policy adopt` would refuse it. Pure. */
export function judgeSentChange(
  signed: unknown,
  settings: Settings,
  { environment, policies, policyApprovals }: EnvironmentFacts,
  now: Date,
): Judged<PolicyApproval> {
  if (!Object.hasOwn(settings.environments, environment)) return { problems: [NO_POLICY] }
  const to = policyOf(settings, environment)
  const { approvals } = countedForChange(policyApprovals, [], policies, to, now)
  const { inForce, adopted } = policies
  const { found } = judgeChange([...approvals, signed], inForce?.policy ?? null, to, now, usedApprovals(adopted))
  const own = found.filter(({ file }) => file === approvals.length)
  const parsed = policyApproval.safeParse(signed)
  return own.length === 0 && parsed.success
    ? { file: parsed.data }
    : { problems: own.map(({ code, message }) => ({ code, message })) }
}
