import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import { duration } from "../../shared/figures.js"
import type { Instance, Running, Target } from "../../targets/target.js"
import { whyItDoesNotServe } from "../status/serves.js"
import { allOf } from "./steps.js"

/** Undoes the steps of a failed deployment, and keeps the last log lines of its release. */
export class ReleaseUndo {
  readonly #target: Target
  readonly #undoing: () => void
  readonly #removing: () => Promise<void>
  #expected: readonly string[] = []
  #instance: Instance | null = null
  printed: readonly string[] = []

  /**
   * @param undoing called when a step is undone
   * @param removing called before the release is removed, with its log
   */
  constructor(
    target: Target,
    undoing: () => void = () => undefined,
    removing: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#target = target
    this.#undoing = undoing
    this.#removing = removing
  }

  /**
   * Says where the traffic may be when it is switched back: anywhere else another run, or a person, has moved it since.
   *
   * @param running what was there before the first change
   * @param release the one that this run switches to
   */
  expect({ places }: Running, release: string): void {
    this.#expected = [release, ...places.flatMap((place) => place.release ?? [])]
  }

  /** @param instance the release whose log is kept when it is undone */
  keepLogOf(instance: Instance): void {
    this.#instance = instance
  }

  /** @param back the previous release; null: none */
  async switchBack(back: Instance | null): Promise<string> {
    this.#undoing()
    if (back === null)
      throw new TollgateError(
        "no-earlier-release",
        "This was the first release: there is no earlier one to roll back to.",
        "Fix the cause and deploy again. No cleanup is needed.",
      )
    await this.#keepLogs()
    const { traffic } = await this.#target.switch(back, this.#expected)
    return `release ${back.release} (${back.version}) has the traffic again, in ${duration(traffic)}`
  }

  async remove(release: string): Promise<string> {
    this.#undoing()
    const running = await this.#target.running()
    if (running.live.kind === "live" && running.live.instance.release === release)
      return `kept: release ${release} has the traffic`
    const found = allOf(running).find((one) => one.release === release)
    if (found === undefined) return "nothing to remove"
    await Promise.all([this.#keepLogs(), this.#removing()])
    await this.#target.retire(found)
    return `removed release ${release}`
  }

  /** Keeps the last log lines before the containers are removed. */
  async #keepLogs(): Promise<void> {
    if (this.printed.length > 0 || this.#instance === null) return
    try {
      const logs = await this.#target.logs(this.#instance, 10)
      this.printed = logs.flatMap(({ lines }) => lines)
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error
    }
  }
}

/** The live release, for a deployment that was refused before the target check; null: none, or not known. */
export async function liveNow(target: Target): Promise<Instance | null> {
  try {
    const { live } = await target.running()
    return live.kind === "live" ? live.instance : null
  } catch (error) {
    if (error instanceof TollgateError) return null
    throw error
  }
}

/**
 * Verifies what is serving after a failure.
 *
 * @param before null: nothing was serving before; then a first release may have kept the traffic
 */
export async function servingNow(
  target: Target,
  settings: Settings,
  before: Instance | null,
): Promise<{ instance: Instance | null; why: string | null }> {
  const expected = before ?? (await liveNow(target))
  if (expected === null) return { instance: null, why: null }
  const why = await whyItDoesNotServe(target, settings, expected)
  return why === null
    ? { instance: expected, why: null }
    : { instance: null, why: `Release ${expected.release} (${expected.version}) is not serving: ${why}` }
}
