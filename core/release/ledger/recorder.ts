import type { Happening, HappeningOf, ReleaseOutcome } from "../../ledger/event.js"
import type { Lease, Ledger } from "../../ledger/ledger.js"
import type { Notice } from "../../notify/message.js"
import type { Notifier } from "../../notify/notifier.js"
import { TollgateError } from "../../shared/errors.js"
import { headText, type LedgerHead } from "../../shared/ledger-head.js"
import type { Listener } from "../pipeline/run.js"
import type { Done, StepReport } from "../pipeline/step.js"

export interface RecorderContext {
  readonly service: string
  readonly environment: string
  readonly run: string
  readonly who: string
  readonly why: string
}

/** What a notification says beside what the recorder knows. */
export type Told = Partial<
  Pick<Notice, "causes" | "warnings" | "commands" | "serving" | "seconds" | "planId" | "ledgerHead">
>

/**
 * Records one release in the ledger and sends its notifications. Events wait here until the release is known, because the ledger's first
 * event of a release describes it.
 */
export class Recorder implements Listener {
  readonly #context: RecorderContext
  readonly #ledger: Ledger | null
  readonly #lease: Lease | null
  readonly #notifier: Notifier
  readonly #hasHeads: boolean
  readonly #waiting: Happening[] = []
  #release: string
  #begun: Omit<HappeningOf<"release-started">, "kind"> | null = null

  /**
   * @param ledger null: a rollback without one
   * @param hasHeads whether its heads are of use: not those of a ledger that is on the target itself
   */
  constructor(
    context: RecorderContext,
    release: string,
    ledger: Ledger | null,
    lease: Lease | null,
    notifier: Notifier,
    hasHeads = true,
  ) {
    this.#context = context
    this.#release = release
    this.#ledger = ledger
    this.#lease = lease
    this.#notifier = notifier
    this.#hasHeads = hasHeads
  }

  get begun(): boolean {
    return this.#begun !== null
  }

  async begin(release: string, what: Omit<HappeningOf<"release-started">, "kind">): Promise<void> {
    this.#release = release
    this.#begun = what
    await this.#write({ kind: "release-started", ...what })
    for (const waiting of this.#waiting.splice(0)) await this.#write(waiting)
  }

  async record(what: Happening): Promise<void> {
    if (this.#begun === null) this.#waiting.push(what)
    else await this.#write(what)
  }

  async #write(what: Happening): Promise<LedgerHead | null> {
    const { service, environment, run, who } = this.#context
    const context = { service, environment, release: this.#release, run, token: this.#lease?.token ?? null, who }
    return (await this.#ledger?.record(context, what)) ?? null
  }

  started = (step: string): Promise<void> => this.record({ kind: "step-started", step })

  finished = ({ name, outcome, seconds, note }: StepReport, done: Done | null): Promise<void> =>
    this.record({
      kind: "step-finished",
      step: name,
      outcome,
      seconds,
      note,
      detail: done?.kind === "done" ? jsonOf(done.detail ?? null) : null,
    })

  /**
   * While the ledger is unreachable from here, another run may have taken the lease. This run stops. It may still undo its steps: the
   * target refuses that once another run has claimed it.
   */
  requireHeld = async (): Promise<void> => {
    try {
      await this.#lease?.requireHeld()
    } catch (error) {
      if (!(error instanceof TollgateError) || error.code !== "lease-lost" || this.#ledger?.state.kind !== "away")
        throw error
      throw new TollgateError(
        "ledger-away",
        `The ledger was unreachable for longer than the lease lasts: ${this.#ledger.state.why}`,
        "Check the connection to its Postgres and deploy again. `tollgate status` shows what is serving.",
      )
    }
  }

  tell(event: Notice["event"], more: Told = {}): void {
    const { service, environment, run, who, why } = this.#context
    const { digest = null, revision = null, planId = null } = this.#begun ?? {}
    this.#notifier.tell({
      event,
      service,
      environment,
      release: this.#begun === null ? null : this.#release,
      run,
      who,
      why,
      // a run that ended before it had an image
      digest: digest === "" ? null : digest,
      revision,
      planId,
      causes: [],
      serving: null,
      seconds: null,
      at: new Date().toISOString(),
      ...more,
    })
  }

  /**
   * Records the outcome, tells of it with the ledger's head, and records the result of each notification.
   *
   * @param notice null: no notification is sent
   * @returns the ledger's head with the outcome; null: there is no ledger, it is unreachable, or its heads are of no use
   */
  async end(
    outcome: ReleaseOutcome,
    serving: HappeningOf<"release-finished">["serving"],
    causes: readonly string[],
    seconds: number,
    notice: { readonly event: Notice["event"]; readonly told: Told } | null,
  ): Promise<LedgerHead | null> {
    const last = await this.#write({ kind: "release-finished", outcome, serving, causes: [...causes], seconds })
    const head = this.#hasHeads ? last : null
    if (notice !== null)
      this.tell(notice.event, { ...notice.told, ...(head === null ? {} : { ledgerHead: headText(head) }) })
    for (const { event, channel, sent, attempts, error } of await this.#notifier.settle())
      await this.record({ kind: "notified", event, channel, sent, attempts, error })
    return head
  }
}

type Json = HappeningOf<"step-finished">["detail"]

function jsonOf(detail: unknown): Json {
  const copy: Json = JSON.parse(JSON.stringify(detail))
  return copy
}
