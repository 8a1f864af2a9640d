import type { Settings } from "../../config/schema.js"
import type { HappeningOf } from "../../ledger/event.js"
import type { Notice } from "../../notify/message.js"
import { withoutCardNumbers } from "../../secrets/card-numbers.js"
import { redactLines } from "../../secrets/redact.js"
import { errorWords } from "../../shared/engine-cause.js"
import { shortDigest } from "../../shared/figures.js"
import { headText } from "../../shared/ledger-head.js"
import type { Instance } from "../../targets/target.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import type { Failed } from "../pipeline/run.js"
import type { ReleaseSession } from "../session/session.js"
import type { ReleaseResult } from "./result.js"
import { servingNow } from "./undo.js"

/** How a deployment and a rollback end. */

/**
 * Verifies what is serving after a run that failed, and says why it failed.
 *
 * @param before the release that should be serving; null: none
 */
export async function afterFailure(
  { error, undoErrors, lost }: Failed<string>,
  { place, redact }: ReleaseSession,
  settings: Settings,
  before: Instance | null,
): Promise<{ causes: string[]; serving: Instance | null }> {
  const causes = [error, ...undoErrors].map((one) => redact(errorWords(one)))
  // another run holds the environment: what serves is its to say
  if (lost) return { causes, serving: null }
  const { instance, why } = await servingNow(place.target, settings, before)
  return { causes: why === null ? causes : [...causes, redact(why)], serving: instance }
}

type Description = Omit<HappeningOf<"release-started">, "kind">

export interface Ended extends Omit<ReleaseResult, "target" | "serving" | "ledgerHead" | "seconds"> {
  readonly serving: Instance | null
  /** By performance.now(). */
  readonly began: number
  /** null: nobody is notified. */
  readonly event: Notice["event"] | null
  /** For the ledger, where the run ended before it described its release. */
  readonly described: Pick<Description, "why"> & Partial<Description>
}

/** Records the outcome, sends the notification, and keeps the ledger's head on the target. */
export async function finish(session: ReleaseSession, ended: Ended): Promise<ReleaseResult> {
  const { recorder, place } = session
  const { action, environment, release, planId, outcome, causes, event, began } = ended
  const { why, ...described } = ended.described
  const serving = servingOf(ended.serving)
  const seconds = (performance.now() - began) / 1000
  if (!recorder.begun)
    await recorder.begin(session.release, {
      action,
      version: null,
      image: "",
      digest: "",
      previous: null,
      revision: null,
      planId: null,
      sourceDigest: null,
      configDigest: null,
      configNames: [],
      migrations: [],
      why,
      scheduledFor: null,
      ...described,
    })
  const warned = ended.warnings.length === 0 ? {} : { warnings: ended.warnings }
  const head = await recorder.end(
    outcome,
    serving === null ? null : { release: serving.release, digest: serving.digest },
    causes,
    seconds,
    event === null ? null : { event, told: { causes, ...warned, seconds, serving: servingWords(serving), planId } },
  )
  const away = ledgerAway(session.ledger)
  const dropped = await Promise.all([session.samples?.end(), session.logs?.end()])
  return {
    action,
    service: ended.service,
    environment,
    target: place.target.name,
    release,
    version: ended.version,
    digest: ended.digest,
    planId,
    outcome,
    waiting: ended.waiting,
    steps: ended.steps,
    causes,
    printed: redactLines(ended.printed, session.redact).map(withoutCardNumbers),
    warnings: [
      ...ended.warnings,
      ...(away === null ? [] : [away]),
      ...dropped.filter((warning) => typeof warning === "string"),
      ...(await session.keepHead(release, head)),
    ],
    serving,
    monitor: ended.monitor,
    ledgerHead: head === null ? null : headText(head),
    seconds,
    next: ended.next,
  }
}

function servingOf(instance: Instance | null): ReleaseResult["serving"] {
  return instance === null ? null : { release: instance.release, version: instance.version, digest: instance.digest }
}

function servingWords(serving: ReleaseResult["serving"]): string | null {
  return serving === null ? null : `${serving.version} (${shortDigest(serving.digest)})`
}
