import type { ApprovalSettings, Approver } from "../../config/approvals.js"
import { sameKey, samePerson } from "../../config/approver-key.js"
import type { PlanIdentity } from "../plan/plan.js"
import {
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  type ApprovalFile,
  approvalFile,
  fingerprint,
  type Statement,
  signedBytes,
} from "./approval.js"
import { isSignedBy } from "./key.js"
import { planProblems, shown } from "./plan-problems.js"
import type { ApprovalCode, ApprovalProblem, Found } from "./problem.js"
import { type ApprovalRecords, recordProblems } from "./record-problems.js"

/** Valid ones, as they were signed. */
interface Valid {
  approvals: ApprovalFile[]
  /** Signatures for --break-glass. */
  breakGlass: ApprovalFile[]
}

export type ApprovalVerdict = Valid & ({ kind: "approved" } | { kind: "refused"; problems: ApprovalProblem[] })

export interface Asked {
  /** What is about to be deployed. */
  identity: PlanIdentity
  settings: ApprovalSettings
  /** Settings of the other environments: to tell a key of another environment from an unknown one. */
  elsewhere: ReadonlyMap<string, ApprovalSettings>
  /** What the ledger has about plans and approvals. */
  records: ApprovalRecords
  /** The person who deploys, as far as it is known. */
  deployer: string
  now: Date
}

/** Judges all approvals at once. One invalid approval refuses the deployment, even if enough others are valid. */
export function judgeApprovals(texts: readonly string[], asked: Asked): ApprovalVerdict {
  const judged = texts.map((text, file) => ({ file, ...judgeOne(text, asked) }))
  const problems = judged.flatMap(({ file, problems }) =>
    problems.map((problem): ApprovalProblem => ({ ...problem, file })),
  )
  const valid = judged.flatMap(({ file, read, problems }) =>
    read !== null && problems.length === 0 ? [{ file, read }] : [],
  )

  const approvals: ApprovalFile[] = []
  const breakGlass: ApprovalFile[] = []
  for (const { file, read } of valid) {
    const { key, approver, purpose } = read.statement
    const earlier = approvals.map(({ statement }) => statement)
    if (purpose === "break-glass") breakGlass.push(read)
    else if (earlier.some((one) => sameKey(one.key, key)))
      problems.push({
        code: "approval-key-twice",
        file,
        message: `is signed with the same key as another approval: ${fingerprint(key)} of ${shown(approver)}`,
      })
    else if (earlier.some((one) => samePerson(one.approver, approver)))
      problems.push({
        code: "approval-person-twice",
        file,
        message: `is a second one by ${shown(approver)}, with another key: each approver counts once`,
      })
    else approvals.push(read)
  }
  const { required } = asked.settings
  if (approvals.length < required)
    problems.push({
      code: "approval-too-few",
      file: null,
      message: `${asked.identity.environment} requires ${required} ${required === 1 ? "approval" : "approvals by different approvers"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`,
    })
  return { approvals, breakGlass, ...(problems.length === 0 ? { kind: "approved" } : { kind: "refused", problems }) }
}

function judgeOne(text: string, asked: Asked): { read: ApprovalFile | null; problems: Found[] } {
  const read = readFile(text)
  if ("code" in read) return { read: null, problems: [read] }
  const { statement, signature } = read
  const refused = (code: ApprovalCode, message: string) => ({ read, problems: [{ code, message }] })

  // the signature is checked before the content
  if (signature === null || signature === "") return refused("approval-unsigned", "is not signed")
  const known = keyOf(statement, asked)
  if ("code" in known) return { read, problems: [known] }
  if (!isSigned(read))
    return refused(
      "approval-bad-signature",
      `has a signature that does not match the key ${fingerprint(statement.key)}: it was changed, or signed with another key`,
    )

  const forPlan = planProblems(statement, asked.identity)
  return {
    read,
    problems: [
      ...whoProblems(statement, known),
      ...timeProblems(statement, asked),
      // of another plan nothing more needs to be said
      ...(forPlan.length > 0 ? forPlan : recordProblems(statement, known, asked)),
    ],
  }
}

const LARGEST = 256 * 1024

function readFile(text: string): ApprovalFile | Found {
  const unreadable = (why: string): Found => ({ code: "approval-unreadable", message: `is not an approval: ${why}` })
  if (text.length > LARGEST) return unreadable("it is too large")
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unreadable("it is not JSON")
  }
  if (typeof value !== "object" || value === null || !("format" in value) || value.format !== APPROVAL_FORMAT)
    return unreadable(`its format is not ${APPROVAL_FORMAT}`)
  if (!("version" in value) || value.version !== APPROVAL_VERSION)
    return {
      code: "approval-version",
      message: `has a version that this Tollgate does not support; it supports ${APPROVAL_VERSION}`,
    }
  if (!("signature" in value)) return { code: "approval-unsigned", message: "is not signed" }
  const parsed = approvalFile.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return unreadable(
    issue === undefined
      ? "its fields are wrong"
      : `${issue.code === "unrecognized_keys" ? "it has an unknown field" : `${issue.path.join(".") || "a field"} is missing or wrong`}`,
  )
}

function keyOf({ key, environment }: Statement, { settings, elsewhere, now, identity }: Asked): Approver | Found {
  const listed = settings.keys.filter((one) => sameKey(one.key, key))
  const [known] = listed
  if (known !== undefined) {
    const today = now.toISOString().slice(0, 10)
    // a key that is revoked once is revoked, however often it is listed
    const revoked = listed.find((one) => one.revoked !== undefined && one.revoked <= today)
    if (revoked !== undefined)
      return {
        code: "approval-key-revoked",
        message: `is signed with a key of ${revoked.name} that was revoked on ${revoked.revoked}`,
      }
    return known
  }
  const other = [...elsewhere].find(([, { keys }]) => keys.some((one) => sameKey(one.key, key)))
  if (other !== undefined)
    return {
      code: "approval-key-not-allowed",
      message: `is signed with a key that may approve ${other[0]} but not ${identity.environment}`,
    }
  return {
    code: "approval-unknown-key",
    message: `is signed with a key that environments.${identity.environment}.approvals.keys does not list${environment === identity.environment ? "" : `; its environment is ${shown(environment)}`}`,
  }
}

/** Whether the signature is the key's. Needs only the public key, which the statement names. */
export function isSigned({ statement, signature }: ApprovalFile): boolean {
  if (signature === null) return false
  try {
    return isSignedBy(statement.key, signedBytes(statement), signature)
  } catch {
    // a lone surrogate has no canonical form
    return false
  }
}

function whoProblems({ approver }: Statement, known: Approver): Found[] {
  return approver === known.name
    ? []
    : [
        {
          code: "approval-approver",
          message: `names ${shown(approver)} as approver, but the key belongs to ${known.name}`,
        },
      ]
}

function timeProblems({ signedAt, expiresAt }: Statement, { settings, now }: Asked): Found[] {
  const [signed, expires] = [Date.parse(signedAt), Date.parse(expiresAt)]
  const problems: Found[] = []
  if (signed > now.getTime() + settings.clockSkew * 1000)
    problems.push({
      code: "approval-not-yet-valid",
      message: `was signed at ${signedAt}, but it is ${now.toISOString()}: the clocks differ by more than approvals.clockSkew (${settings.clockSkew} s)`,
    })
  if (expires <= now.getTime())
    problems.push({ code: "approval-expired", message: `expired at ${expiresAt}; it is ${now.toISOString()}` })
  if (expires - signed > settings.longest * 1000)
    problems.push({
      code: "approval-too-long",
      message: `is valid for longer than approvals.longest (${settings.longest} s)`,
    })
  return problems
}
