import { samePerson } from "../config/approver-key.js"
import type { LedgerEvent } from "../ledger/event.js"
import { fingerprint } from "../release/approval/approval.js"
import { isSignedBy } from "../release/approval/key.js"
import { moment } from "../shared/figures.js"
import { freshnessProblems } from "./fresh-problems.js"
import { entriesOf, mayRequest, type RequestRules } from "./operators.js"
import type { RequestCode, RequestProblem } from "./problem.js"
import {
  plainAction,
  REQUEST_FORMAT,
  REQUEST_VERSION,
  type RequestAction,
  type RequestFile,
  type RequestStatement,
  requestBytes,
  requestFile,
} from "./request.js"

export interface Asked {
  readonly service: string
  readonly environment: string
  /** Of the policy in force. */
  readonly rules: RequestRules
  /** When the request reached the ledger, by the database's clock, and as which event. */
  readonly written: { readonly at: Date; readonly number: number }
  /** Ids of the requests before it in the ledger. */
  readonly earlier: ReadonlySet<string>
  /** The action of the request that this one cancels; null: it cancels none, or one that is not known. */
  readonly canceled: RequestAction | null
  /** Events of `STATE_KINDS`, oldest first. */
  readonly events: readonly LedgerEvent[]
  readonly now: Date
}

export type RequestVerdict =
  | { readonly kind: "valid"; readonly statement: RequestStatement }
  /** `statement`: only when the signature is right. */
  | {
      readonly kind: "refused"
      readonly statement: RequestStatement | null
      readonly problems: readonly RequestProblem[]
    }

/** Longest time from a request's signature until it must have started, in seconds. */
export const LONGEST_VALIDITY = 3600
/** How far ahead something may be scheduled, in seconds. */
export const FARTHEST = 30 * 86_400

/**
 * Judges a request as the ledger has it. Pure: the runner and the dashboard get the same answer. All problems are reported at once.
 *
 * @param signed the request file, parsed from JSON
 */
export function judgeRequest(signed: unknown, asked: Asked): RequestVerdict {
  const read = readFile(signed)
  if ("code" in read) return { kind: "refused", statement: null, problems: [read] }
  const { statement, signature } = read
  // the signature is checked before the content: of a forged request nothing else is worth reading
  const forged = signatureProblem(statement, signature, asked)
  if (forged !== null) return { kind: "refused", statement: null, problems: [forged] }
  const problems = [
    ...placeProblems(statement, asked),
    ...personProblems(statement, asked),
    ...timeProblems(statement, asked),
    ...(asked.earlier.has(statement.id)
      ? [problem("request-replayed", `has the id ${statement.id} of a request that the ledger already has`)]
      : []),
    ...freshnessProblems(statement, asked),
  ]
  return problems.length === 0 ? { kind: "valid", statement } : { kind: "refused", statement, problems }
}

function readFile(signed: unknown): RequestFile | RequestProblem {
  const unreadable = (why: string) => problem("request-unreadable", `is not a request: ${why}`)
  if (typeof signed !== "object" || signed === null || !("format" in signed) || signed.format !== REQUEST_FORMAT)
    return unreadable(`its format is not ${REQUEST_FORMAT}`)
  if (!("version" in signed) || signed.version !== REQUEST_VERSION)
    return problem("request-version", `has another version than ${REQUEST_VERSION}, which this Tollgate reads`)
  if (!("signature" in signed) || signed.signature === null || signed.signature === "")
    return problem("request-unsigned", "is not signed")
  const parsed = requestFile.safeParse(signed)
  if (parsed.success) return parsed.data
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "the file"))]
  return unreadable(`missing, wrong or unknown: ${places.join(", ")}`)
}

function signatureProblem(statement: RequestStatement, signature: string, { rules }: Asked): RequestProblem | null {
  const { key } = statement
  if (entriesOf(rules, key).length === 0)
    return problem(
      "request-unknown-key",
      `is signed with the key ${fingerprint(key)}, which this environment does not list`,
    )
  return isSignedBy(key, requestBytes(statement), signature)
    ? null
    : problem(
        "request-bad-signature",
        `has a signature that does not match the key ${fingerprint(key)}: it was changed, or signed with another key`,
      )
}

function placeProblems(statement: RequestStatement, { service, environment }: Asked): RequestProblem[] {
  return [
    ...(statement.service === service
      ? []
      : [problem("request-other-service", `is for the service ${statement.service}, not ${service}`)]),
    ...(statement.environment === environment
      ? []
      : [problem("request-other-environment", `is for ${statement.environment}, not ${environment}`)]),
  ]
}

function personProblems(
  { key, who, action }: RequestStatement,
  { rules, canceled, now, written }: Asked,
): RequestProblem[] {
  const entries = entriesOf(rules, key)
  // a revoked key proves nothing, whenever it signed
  const today = (now > written.at ? now : written.at).toISOString().slice(0, 10)
  const revoked = entries.find((one) => one.revoked !== undefined && one.revoked <= today)?.revoked
  return [
    ...(revoked === undefined
      ? []
      : [problem("request-key-revoked", `is signed with a key that was revoked on ${revoked}`)]),
    ...(entries.some(({ name }) => samePerson(name, who))
      ? []
      : [
          problem(
            "request-who",
            `names ${who}, but the key ${fingerprint(key)} belongs to ${entries[0]?.name ?? "no operator"}`,
          ),
        ]),
    ...(mayRequest(rules, key, action, canceled)
      ? []
      : [problem("request-not-allowed", `asks for ${plainAction(action).kind}, which ${who} may not request here`)]),
  ]
}

function timeProblems(
  { requestedAt, expiresAt, action }: RequestStatement,
  { written, now, rules }: Asked,
): RequestProblem[] {
  const [from, until] = [Date.parse(requestedAt), Date.parse(expiresAt)]
  // what is scheduled must have reached the ledger in time; everything else must also start in time
  const latest = action.kind === "schedule" ? written.at : now > written.at ? now : written.at
  const found: RequestProblem[] = []
  if (from > written.at.getTime() + rules.clockSkew * 1000)
    found.push(problem("request-not-yet-valid", `was signed at ${moment(requestedAt)}, after it reached the ledger`))
  if (until <= latest.getTime()) found.push(problem("request-expired", `expired at ${moment(expiresAt)}`))
  if (until - from > LONGEST_VALIDITY * 1000)
    found.push(problem("request-too-long", `is valid for more than ${LONGEST_VALIDITY / 60} minutes`))
  if (action.kind !== "schedule") return found
  const at = Date.parse(action.at)
  if (at <= written.at.getTime())
    found.push(
      problem("request-schedule", `is scheduled for ${moment(action.at)}, which had passed when it reached the ledger`),
    )
  if (at > written.at.getTime() + FARTHEST * 1000)
    found.push(
      problem("request-schedule", `is scheduled for ${moment(action.at)}, more than ${FARTHEST / 86_400} days ahead`),
    )
  return found
}

export function problem(code: RequestCode, message: string): RequestProblem {
  return { code, message }
}
