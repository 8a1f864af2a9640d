import type { KeyObject } from "node:crypto"
import type { Settings } from "../config/schema.js"
import type { Ledger } from "../ledger/ledger.js"
import { requireReason } from "../ledger/limits.js"
import { runId } from "../qa/run-id.js"
import { fingerprint } from "../release/approval/approval.js"
import { publicKeyText } from "../release/approval/key.js"
import { TollgateError } from "../shared/errors.js"
import { actionOf, canceledBy } from "./cancel.js"
import { REQUEST_KINDS, requestsOf } from "./fold.js"
import { STATE_KINDS } from "./freshness.js"
import { entriesOf } from "./operators.js"
import { plannedProblems } from "./planned-problems.js"
import { plainAction, type RequestAction, type RequestFile } from "./request.js"
import { rulesInForce } from "./rules-in-force.js"
import { signRequest, USUAL_VALIDITY } from "./sign.js"
import { judgeRequest } from "./verify.js"
import { seenNow, writeRequest } from "./write.js"

/**
 * Signs a request and writes it to the ledger. What a runner would refuse is refused here, while the person is at the keyboard.
 *
 * @param given `key`: whose name the policy has
 */
export async function ask(
  settings: Settings,
  given: {
    readonly environment: string
    readonly key: KeyObject
    readonly reason: string
    readonly action: RequestAction
  },
  ledger: Ledger,
): Promise<RequestFile> {
  const { environment, key, action } = given
  const reason = requireReason(given.reason)
  const { service } = settings.ledger
  const rules = await rulesInForce(settings, environment, ledger)
  const sees = await seenNow(ledger, environment)
  const events = await ledger.eventsOfKinds(environment, STATE_KINDS, 0)
  const requests = requestsOf(await ledger.eventsOfKinds(environment, REQUEST_KINDS, 0))
  const publicKey = publicKeyText(key)
  const who = entriesOf(rules, publicKey)[0]?.name
  if (who === undefined)
    throw new TollgateError(
      "request-unknown-key",
      `The policy of ${environment} does not list this key (${fingerprint(publicKey)}).`,
      `Add its public half to environments.${environment}.operators of tollgate.yaml and adopt that policy. Nothing was requested.`,
    )
  const now = new Date()
  const file = signRequest({ service, environment, action, reason, who, sees, now, validity: USUAL_VALIDITY }, key)
  const canceled = canceledBy(file, requests)
  const plain = plainAction(action)
  const planned = plain.kind === "deploy" ? await ledger.eventsOfKind(environment, "planned") : []
  const judged = judgeRequest(file, {
    service,
    environment,
    rules,
    written: { at: now, number: sees.event + 1 },
    earlier: new Set(),
    canceled: canceled === null ? null : actionOf(canceled),
    events,
    now,
  })
  const problems = [
    ...(judged.kind === "refused" ? judged.problems : []),
    ...(plain.kind === "deploy" ? plannedProblems(plain, planned) : []),
  ]
  if (problems.length > 0)
    throw new TollgateError(
      problems.length === 1 ? (problems[0]?.code ?? "request-refused") : "request-refused",
      [
        `A runner of ${environment} would refuse this request:`,
        ...problems.map(({ code, message }) => `  ${code}: it ${message}`),
      ].join("\n"),
      "Correct what is listed above. Nothing was requested.",
    )
  await writeRequest(ledger, file, runId(now))
  return file
}
