import { canonicalKey, sameKey } from "../../config/approver-key.js"
import type { Operator } from "../../config/operators.js"
import type { Settings } from "../../config/schema.js"
import { requestsOf } from "../../requests/fold.js"
import { stateAt } from "../../requests/freshness.js"
import type { RequestRules } from "../../requests/operators.js"
import { rulesFrom } from "../../requests/rules-in-force.js"
import { TollgateError } from "../../shared/errors.js"
import type { EnvironmentFacts } from "./environment.js"
import { type RequestLine, requestLines } from "./request-lines.js"

/** A person whose key the policy in force lists. */
export interface Person {
  readonly name: string
  readonly key: string
  /** Empty: an approver who may request nothing. */
  readonly may: Operator["may"]
}

/** What can be requested of an environment, by whom, and on which state a request is signed. */
export interface Asks {
  readonly service: string
  readonly environment: string
  /** For `sees` of a request. */
  readonly sees: { readonly event: number; readonly live: string | null }
  /** The deployment in progress; null: none. */
  readonly deploying: string | null
  readonly people: readonly Person[]
  /** Why no request would be accepted, from anyone; null: no such reason. */
  readonly closed: string | null
  readonly runners: number
  /** The newest first. */
  readonly requests: readonly RequestLine[]
}

/**
 * @param number of the latest event that the page covers
 * @param now the ledger's clock
 */
export function asksOf(
  settings: Settings,
  facts: Pick<EnvironmentFacts, "environment" | "changes" | "requested" | "policies" | "runners">,
  number: number,
  now: Date,
): Asks {
  const { environment, changes, requested, runners } = facts
  const rules = rulesOrWhyNot(settings, facts)
  const people = typeof rules === "string" ? [] : peopleOf(rules, now)
  // what is read after the position may be newer: a request names what the person saw
  const event = Math.max(number, changes.at(-1)?.number ?? 0)
  const { live, running } = stateAt(changes, event)
  return {
    service: settings.ledger.service,
    environment,
    sees: { event, live },
    deploying: running,
    people,
    closed:
      typeof rules === "string"
        ? rules
        : people.some(({ may }) => may.length > 0)
          ? null
          : "The policy lists no person who may request anything here.",
    runners,
    requests: requestLines(requestsOf(requested), now),
  }
}

/** The rules of the policy in force, or why no rules apply. */
export function rulesOrWhyNot(
  settings: Settings,
  { environment, policies }: Pick<EnvironmentFacts, "environment" | "policies">,
): RequestRules | string {
  if (policies.inForce === null && !Object.hasOwn(settings.environments, environment))
    return "tollgate.yaml does not have this environment, and no policy of it is in force."
  try {
    return rulesFrom(settings, environment, policies)
  } catch (error) {
    if (error instanceof TollgateError) return error.message.split("\n\n")[0] ?? error.code
    throw error
  }
}

/** Everyone who is listed, without revoked keys. */
function peopleOf({ operators, approvers }: RequestRules, now: Date): Person[] {
  const today = now.toISOString().slice(0, 10)
  const only = approvers
    .filter(({ key }) => !operators.some((one) => sameKey(one.key, key)))
    .map((one) => ({ ...one, may: [] }))
  return [...operators, ...only]
    .filter(({ revoked }) => revoked === undefined || revoked > today)
    .map(({ name, key, may }) => ({ name, key: canonicalKey(key), may }))
}
