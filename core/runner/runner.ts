import { setTimeout as pause } from "node:timers/promises"
import { actionOf } from "../requests/cancel.js"
import type { RequestRecord } from "../requests/fold.js"
import { rollbackTo } from "../requests/fresh-problems.js"
import type { RequestRules } from "../requests/operators.js"
import { plainAction, type RequestStatement } from "../requests/request.js"
import { errorWords } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"
import { moment } from "../shared/figures.js"
import { type ClaimOptions, Claims } from "./claim.js"
import { byUrgency, type Context, type Decision, decide, TOLERANCE } from "./decide.js"
import { History } from "./history.js"
import { leftBehind, mark } from "./left-behind.js"
import { livingLeases } from "./slot.js"
import type { Worked, Works } from "./works.js"

export interface RunnerOptions extends ClaimOptions {
  readonly works: Works
  /** Of the policy in force. */
  rules(): Promise<RequestRules>
  /** By the ledger's clock. */
  now(): Date
  /** One line for the screen. */
  tell(text: string): void
  redact(text: string): string
  /** How long a rollback waits for a deployment to end cleanly before it takes the environment over, in seconds. */
  readonly grace?: number
}

const GRACE = 3
/** Releases among which that of a killed runner is. */
const RECENT = 20
const NOT_AGAIN = "it is not retried: make a new request"

interface Asker {
  readonly who: string
  readonly why: string
}

interface Deployment {
  readonly controller: AbortController
  readonly ended: Promise<void>
  isUndoing(): boolean
}

/** Executes the requests of one environment: one at a time, except that others can run during a deployment. */
export class Runner {
  readonly #options: RunnerOptions
  readonly #claims: Claims
  readonly #history: History
  #deployment: Deployment | null = null
  #failed = 0
  #ended = 0

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#claims = new Claims(options)
    this.#history = new History(options.ledger, options.environment)
  }

  get deploying(): boolean {
    return this.#deployment !== null
  }

  /** Number of executed requests that failed. */
  get failed(): number {
    return this.#failed
  }

  /** Number of executed requests that ended. */
  get ended(): number {
    return this.#ended
  }

  /**
   * Executes the most urgent request.
   *
   * @returns false: there is nothing to do
   */
  async turn(): Promise<boolean> {
    const { service, environment, ledger, works } = this.#options
    const before = await this.#history.refresh()
    const taken = before.requests.flatMap(({ state }) => (state.kind === "taken" ? [state.lease] : []))
    const alive = await livingLeases(ledger, environment, taken)
    // read again: a runner that has ended since then recorded the result of its request first
    const { requests, events } = taken.length === 0 ? before : await this.#history.refresh()
    const open = requests.filter(({ state }) => state.kind === "open" || state.kind === "taken")
    if (open.length === 0) return false
    const context: Context = {
      service,
      environment,
      rules: await this.#options.rules(),
      requests,
      events,
      planned: open.some(deploys) ? await ledger.eventsOfKind(environment, "planned") : [],
      now: this.#options.now(),
      deploys: works.deploy !== null,
      alive,
    }
    for (const record of [...open].sort(byUrgency))
      if (await this.#act(record, decide(record, context), context)) return true
    return false
  }

  /** Interrupts a deployment, which rolls back, and waits for its end. */
  async stop(): Promise<void> {
    this.#deployment?.controller.abort()
    await this.#deployment?.ended
  }

  /** @returns whether something was done */
  async #act(record: RequestRecord, decision: Decision, context: Context): Promise<boolean> {
    switch (decision.kind) {
      case "leave":
        return false
      case "refuse": {
        if (!(await this.#claims.take(record, 1, "runner"))) return true
        await this.#claims.refuse(record, "runner", decision.problems)
        this.#tell(
          record,
          `refused: ${decision.problems.map(({ code, message }) => `${code}: it ${message}`).join("; ")}`,
        )
        return true
      }
      case "miss": {
        const note = `scheduled for ${moment(decision.at)}; no runner took it within ${TOLERANCE / 60} min`
        if (await this.#claims.take(record, 1, "runner")) await this.#finish(record, "runner", "missed", note)
        return true
      }
      case "interrupt": {
        const note = `the runner that had taken it was killed; ${decision.why}`
        if (await this.#claims.interrupt(record, decision.attempt, note)) this.#tell(record, `interrupted: ${note}`)
        return true
      }
      case "recover":
        return await this.#recover(record, decision.attempt)
      case "run":
        return await this.#run(record, decision, context)
    }
  }

  /** Ends the deployment of a killed runner, and reports it. One that was only stopped can change nothing more from then on. */
  async #recover(record: RequestRecord, attempt: number): Promise<boolean> {
    const { ledger, environment, works } = this.#options
    const releases = await ledger.releases(environment, RECENT)
    const left = leftBehind(record, releases, await ledger.holder(environment))
    if (left.kind === "wait") return false
    const killed = "the runner that had taken it was killed"
    if (left.kind === "nothing") {
      await this.#claims.fence()
      const note = `${killed}; ${left.why}; ${NOT_AGAIN}`
      if (await this.#claims.interrupt(record, attempt, note)) this.#tell(record, `interrupted: ${note}`)
      return true
    }
    if (!(await this.#claims.take(record, attempt + 1, "runner"))) return true
    const interrupted = (why: string, id: string) =>
      this.#finish(record, "runner", "interrupted", `${killed}; ${NOT_AGAIN}\n${why}`, id)
    const { release } = left
    if (left.kind === "ended") {
      const { outcome, id, version, causes } = release
      const note = [`${killed} when its deployment had ended: ${version ?? id} is ${outcome}`, ...causes].join("\n")
      await this.#finish(record, "runner", outcome === "live" ? "done" : "failed", note, id)
      return true
    }
    try {
      const { outcome, note } = await works.recover(release)
      if (outcome === "done") await this.#finish(record, "runner", "done", `${killed} at its end; ${note}`, release.id)
      else await interrupted(note, release.id)
    } catch (error) {
      const why = this.#options.redact(errorWords(error))
      await interrupted(
        `What it left could not be undone. \`tollgate status\` shows what is there.\n${why}`,
        release.id,
      )
    }
    return true
  }

  async #run(
    record: RequestRecord,
    { statement, attempt }: Extract<Decision, { kind: "run" }>,
    context: Context,
  ): Promise<boolean> {
    const action = plainAction(statement.action)
    const { deploy } = this.#options.works
    // one deployment at a time: the next one waits
    if (action.kind === "deploy" && this.#deployment !== null) return false
    const { who } = statement
    if (!(await this.#claims.take(record, attempt, who))) return true
    this.#tell(record, `${action.kind} by ${who}: ${statement.reason}`)
    if (action.kind === "deploy" && deploy !== null) {
      const controller = new AbortController()
      let undoing = false
      const work = () =>
        deploy({
          ...this.#asker(statement),
          action,
          signal: controller.signal,
          undoing: () => {
            undoing = true
          },
        })
      const ended = this.#worked(record, who, work).finally(() => {
        this.#deployment = null
      })
      this.#deployment = { controller, ended, isUndoing: () => undoing }
      return true
    }
    await this.#worked(record, who, () => this.#work(statement, context))
    return true
  }

  async #work(statement: RequestStatement, context: Context): Promise<Worked> {
    const { works, ledger, environment, run } = this.#options
    const asker = this.#asker(statement)
    const action = plainAction(statement.action)
    const done = (note: string): Worked => ({ outcome: "done", release: null, note })
    const failed = (note: string): Worked => ({ outcome: "failed", release: null, note })
    switch (action.kind) {
      case "rollback": {
        const deployment = this.#deployment
        await this.#interrupt(deployment, asker)
        return await works.rollback({
          ...asker,
          ...rollbackTo(statement, context.events),
          held: async () => {
            if (deployment?.isUndoing() === true) await deployment.ended
          },
        })
      }
      case "maintenance":
        return await works.maintenance({ ...asker, action })
      case "unlock": {
        const held = await ledger.unlock(environment, { reason: asker.why, run, who: asker.who, held: action.run })
        return done(`freed the lease of ${held.command} by ${held.who}, run ${held.run}`)
      }
      case "cancel": {
        const target = context.requests.find(({ id, replayed }) => id === action.request && !replayed)
        if (target === undefined || !(await this.#claims.take(target, 1, asker.who)))
          return failed("a runner has taken that request in the meantime")
        await this.#finish(target, asker.who, "canceled", `by ${asker.who}: ${statement.reason}`)
        return done(`canceled ${action.request}`)
      }
      case "deploy":
        return failed("this runner does not deploy")
    }
  }

  /** Steps cannot be interrupted in the middle: after the grace, the rollback takes the lease over, and the deployment stops there. */
  async #interrupt(deployment: Deployment | null, { who, why }: Asker): Promise<void> {
    if (deployment === null) return
    deployment.controller.abort(
      new TollgateError(
        "stopped",
        `Interrupted by the rollback that ${who} requested: ${why}`,
        "Fix the cause, and request the deployment again.",
      ),
    )
    await Promise.race([deployment.ended, pause((this.#options.grace ?? GRACE) * 1000, undefined, { ref: false })])
  }

  async #worked(record: RequestRecord, who: string, work: () => Promise<Worked>): Promise<void> {
    try {
      const { outcome, note, release } = await work()
      if (outcome === "failed") this.#failed += 1
      await this.#finish(record, who, outcome, note, release)
    } catch (error) {
      this.#failed += 1
      await this.#finish(record, who, "failed", this.#options.redact(errorWords(error)))
    } finally {
      this.#ended += 1
    }
  }

  async #finish(...[record, who, outcome, note, release]: Parameters<Claims["finish"]>): Promise<void> {
    await this.#claims.finish(record, who, outcome, note, release)
    this.#tell(record, `${outcome}: ${note}`)
  }

  #asker({ who, reason, id }: RequestStatement): Asker {
    return { who, why: `${reason}${mark({ id })}` }
  }

  #tell({ id }: RequestRecord, text: string): void {
    this.#options.tell(`${id.slice(0, 8)}  ${text}`)
  }
}

function deploys(record: RequestRecord): boolean {
  const action = actionOf(record)
  return action !== null && plainAction(action).kind === "deploy"
}
