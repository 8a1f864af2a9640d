import type { Operator } from "../../core/config/operators.js"
import type { EventContext, Happening, HappeningOf, LedgerEvent } from "../../core/ledger/event.js"
import { releasesOf } from "../../core/ledger/fold.js"
import type { ReleaseRecord } from "../../core/ledger/ledger.js"
import type { RequestRules } from "../../core/requests/operators.js"
import { type RequestAction, type RequestFile, requestFile } from "../../core/requests/request.js"
import { type NewRequest, signRequest } from "../../core/requests/sign.js"
import type { Asked } from "../../core/requests/verify.js"
import type { Person } from "./approval-samples.js"

export const NOW = new Date("2026-11-22T10:00:00Z")
const DIGEST = `sha256:${"a1".repeat(32)}`

export function event(number: number, what: Happening, more: Partial<EventContext> = {}): LedgerEvent {
  const at = new Date(NOW.getTime() - 60_000 + number * 1000).toISOString()
  return {
    version: 1,
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    number,
    at,
    happenedAt: at,
    journaled: false,
    stale: false,
    context: { service: "shop", environment: "production", release: null, run: "r", token: null, who: "Bo", ...more },
    what,
  }
}

const begun = (action: "deploy" | "rollback"): HappeningOf<"release-started"> => ({
  kind: "release-started",
  action,
  version: "1",
  image: "",
  digest: DIGEST,
  previous: null,
  revision: null,
  planId: null,
  sourceDigest: null,
  configDigest: null,
  configNames: [],
  migrations: [],
  why: "",
  scheduledFor: null,
})

export const started = (number: number, release: string, action: "deploy" | "rollback" = "deploy"): LedgerEvent =>
  event(number, begun(action), { release })

export const finished = (number: number, release: string, live: string | null = release): LedgerEvent =>
  event(
    number,
    {
      kind: "release-finished",
      outcome: live === release ? "live" : "rolled-back",
      serving: live === null ? null : { release: live, digest: DIGEST },
      causes: [],
      seconds: 1,
    },
    { release },
  )

/** One release is live since event 2. */
export const HISTORY = [started(1, "r1"), finished(2, "r1")]

export const operator = ({ approver }: Person, may: Operator["may"]): Operator => ({
  name: approver.name,
  key: approver.key,
  may,
})

export const rulesOf = (operators: Operator[], more: Partial<RequestRules> = {}): RequestRules => ({
  operators,
  approvers: [],
  clockSkew: 120,
  ...more,
})

export const ROLLBACK: RequestAction = { kind: "rollback", to: "" }

export function request(by: Person, action: RequestAction = ROLLBACK, more: Partial<NewRequest> = {}): RequestFile {
  return signRequest(
    {
      service: "shop",
      environment: "production",
      action,
      reason: "checkout is slow",
      who: by.approver.name,
      sees: { event: 2, live: "r1" },
      now: NOW,
      validity: 600,
      ...more,
    },
    by.key,
  )
}

export const askedBy = (rules: RequestRules, more: Partial<Asked> = {}): Asked => ({
  service: "shop",
  environment: "production",
  rules,
  written: { at: new Date(NOW.getTime() + 1000), number: 10 },
  earlier: new Set(),
  canceled: null,
  events: HISTORY,
  now: new Date(NOW.getTime() + 2000),
  ...more,
})

/** A request with another statement under its signature. */
export function edited(file: RequestFile, change: Partial<RequestFile["statement"]>): RequestFile {
  return requestFile.parse({ ...file, statement: { ...file.statement, ...change } })
}

/** A deployment that has begun, as the ledger has it. */
export function deployment(id: string, more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const [release] = releasesOf([started(1, id, "deploy")], null)
  if (release === undefined) throw new RangeError("it has begun")
  return { ...release, ...more }
}
