import { setTimeout as pause } from "node:timers/promises"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { settled } from "../../ledger/dropped.js"
import { type LogEntry, type LogSide, type Missing, noteOf } from "../../ledger/logs/line.js"
import { type LineStore, LineWriter } from "../../ledger/logs/writer.js"
import { type Redact, redactor } from "../../secrets/redact.js"
import type { Instance, Replica, ReplicaNews, Target } from "../../targets/target.js"
import { LineBudget } from "./budget.js"
import { ContainerLog } from "./container-log.js"
import { newestWithin } from "./request.js"

const LOOK_EVERY_MS = 1000
/** What the end of a run waits for the last lines. */
const LAST_LOOK_MS = 1000
/** What removing a release waits for its last lines: afterwards they are gone. */
const REMOVAL_MS = 2000
/** How far a log is read back at first where it is not read from its start. */
const BACK_SECONDS = 5

export interface RunLogsOptions {
  readonly settings: Settings
  readonly environment: string
  readonly run: string
  readonly target: Target
  readonly store: LineStore
  /** Takes the secrets that this run knows out of a text. */
  readonly redact: Redact
  /** Values that the target sets itself. */
  readonly own: readonly string[]
}

interface Followed {
  readonly side: LogSide
  readonly instance: Instance
  readonly from: "start" | "now"
  /** By performance.now(). */
  readonly since: number
  readonly containers: Map<string, ContainerLog>
  /** Containers whose problem is noted. */
  readonly noted: Set<string>
  /** Of all that the release runs with; null: not read yet. */
  redact: Redact | null
}

/**
 * Follows the logs of the releases of a run and writes them to the ledger, in the background. The run never waits for it beyond a moment
 * at its end, and never fails because of it: what is missing is counted and noted beside the lines.
 */
export class RunLogs {
  readonly #options: RunLogsOptions
  readonly #followed: Followed[] = []
  readonly #budget = new LineBudget()
  readonly #stop = new AbortController()
  #writer: LineWriter | null = null
  #looking: Promise<void> = Promise.resolve()

  constructor(options: RunLogsOptions) {
    this.#options = options
  }

  /**
   * Returns at once.
   *
   * @param release of the ledger that the run is for
   * @param from `now`: a few seconds before this moment, for a release that ran before
   */
  follow(release: string, side: LogSide, instance: Instance, from: "start" | "now"): void {
    const { settings, environment, run, store } = this.#options
    const isFirst = this.#writer === null
    this.#writer ??= new LineWriter(store, { service: settings.ledger.service, environment, release, run })
    if (!settings.ledger.logs) {
      if (isFirst) this.#writer.add([noteOf("off", 0)])
      return
    }
    if (this.#stop.signal.aborted || this.#followed.some((one) => one.instance.release === instance.release)) return
    const since = performance.now()
    this.#followed.push({ side, instance, from, since, containers: new Map(), noted: new Set(), redact: null })
    if (isFirst) void this.#keepLooking()
    else void this.#look()
  }

  /** Reads what the containers printed last, before they are removed. */
  async beforeRemoval(): Promise<void> {
    if (this.#followed.length > 0) await settled(this.#look(), REMOVAL_MS)
  }

  /**
   * Ends the following, after a moment for the last lines.
   *
   * @returns a warning; null: every line that was read is in the ledger
   */
  async end(): Promise<string | null> {
    if (this.#writer === null) return null
    if (this.#followed.length > 0) await settled(this.#look(), LAST_LOOK_MS)
    this.#stop.abort()
    for (const { containers } of this.#followed) for (const log of containers.values()) this.#write(log.end())
    const { left, last } = this.#budget.end()
    this.#writer.add(left === 0 ? last : [noteOf("full", left), ...last])
    return await this.#writer.end()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#writer?.close()
  }

  async #keepLooking(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.#look()
      await pause(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** One look at a time. It never fails: a run must not fail because of a log. */
  #look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      for (const followed of this.#followed) await this.#lookAt(followed)
    })
    return this.#looking
  }

  async #lookAt(followed: Followed): Promise<void> {
    const { instance, containers } = followed
    try {
      const redact = await this.#redactOf(followed)
      if (redact === null || this.#stop.signal.aborted) return
      const news = await this.#options.target.news(instance, (replica) => sinceOf(followed, replica))
      // after the end nothing is added: the run has counted its lines
      if (this.#stop.signal.aborted) return
      for (const one of news) {
        const key = keyOf(one.replica)
        const log = containers.get(key) ?? new ContainerLog(placeOf(followed, one.replica), redact)
        containers.set(key, log)
        this.#add(followed, one, log)
      }
    } catch (error) {
      this.#note(followed, "unread", "", error)
    }
  }

  #add(followed: Followed, { replica, lines, left, problem }: ReplicaNews, log: ContainerLog): void {
    const of = placeOf(followed, replica)
    if (problem !== null) {
      this.#note(followed, "unread", keyOf(replica), new Error(problem), of)
      return
    }
    followed.noted.delete(keyOf(replica))
    const { kept, left: more } = newestWithin(lines)
    const entries = log.add({ lines: kept })
    this.#write(left + more === 0 ? entries : [noteOf("rate", left + more, of), ...entries])
  }

  /** What a release runs with is read from its host: it may have other secrets than those of this run. */
  async #redactOf(followed: Followed): Promise<Redact | null> {
    if (followed.redact !== null) return followed.redact
    const { settings, environment, target, redact, own } = this.#options
    try {
      const values = await target.variables(followed.instance)
      if (!values.has("TOLLGATE_RELEASE")) throw new Error("they are gone from the host")
      const open = new Set(environmentSettings(settings, environment).variables.map(({ default: value }) => value))
      const told = new Set(["TOLLGATE_RELEASE", "TOLLGATE_VERSION", settings.release.version?.variable])
      const hidden = [...values].flatMap(([name, value]) => (told.has(name) || open.has(value) ? [] : [value]))
      const masked = redactor([...hidden, ...own.filter((value) => !open.has(value))])
      followed.redact = (text) => masked(redact(text))
    } catch (error) {
      this.#note(followed, "secrets", "", error)
    }
    return followed.redact
  }

  /** Once for each time that it begins. */
  #note(followed: Followed, missing: Missing, key: string, error: unknown, of?: ReturnType<typeof placeOf>): void {
    if (followed.noted.has(key) || this.#stop.signal.aborted) return
    followed.noted.add(key)
    const { side, instance } = followed
    const [words = ""] = (error instanceof Error ? error.message : String(error)).split("\n")
    const where = of ?? { side, version: instance.version, place: "", process: "" }
    this.#write([noteOf(missing, 0, where, this.#options.redact(words))])
  }

  #write(entries: readonly LogEntry[]): void {
    this.#writer?.add(this.#budget.take(entries))
  }
}

function sinceOf({ containers, from, since }: Followed, replica: Replica): string | null {
  const last = containers.get(keyOf(replica))?.last ?? null
  if (last !== null || from === "start") return last
  // by the host's clock
  return `${Math.ceil((performance.now() - since) / 1000) + BACK_SECONDS}s`
}

function keyOf({ place, name }: Replica): string {
  return `${place} ${name}`
}

function placeOf({ side, instance: { version } }: Followed, { place, process }: Replica) {
  return { side, version, place, process }
}
