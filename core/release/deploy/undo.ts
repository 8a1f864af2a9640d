import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../errors.js"
import { duration } from "../../report/figures.js"
import { whyItDoesNotServe } from "../serves.js"
import type { Instance, Target } from "../target/target.js"
import { allOf } from "./steps.js"

/** How a deployment takes back what it did, and what the release that is given up printed last. */
export class ReleaseUndo {
  readonly #target: Target
  printed: readonly string[] = []

  constructor(target: Target) {
    this.#target = target
  }

  /** @param back null: there was none before */
  async switchBack(back: Instance | null, given: Instance | null): Promise<string> {
    if (back === null) throw new TollgateError("no-earlier-release", "This was the first release: there is none to roll back to.", "Fix the cause and deploy again. No cleanup is needed.")
    await this.#keepLogs(given)
    const { traffic } = await this.#target.switch(back)
    return `the traffic is release ${back.release}'s (${back.version}) again, in ${duration(traffic)}`
  }

  async remove(release: string, given: Instance | null): Promise<string> {
    const running = await this.#target.running()
    if (running.live.kind === "live" && running.live.instance.release === release) return `release ${release} has the traffic: it stays`
    const found = allOf(running).find((one) => one.release === release)
    if (found === undefined) return "nothing of it is there"
    await this.#keepLogs(given)
    await this.#target.retire(found)
    return `release ${release} is gone`
  }

  /** What it printed, before it is removed: for whoever finds out why. */
  async #keepLogs(given: Instance | null): Promise<void> {
    if (this.printed.length > 0 || given === null) return
    try {
      const logs = await this.#target.logs(given, 10)
      this.printed = logs.flatMap(({ lines }) => lines)
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error
    }
  }
}

/** What has the traffic, for a deployment that was refused before it had looked at the target; null: nothing, or nobody can say. */
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
 * What serves after a failure, seen just now.
 *
 * @param before null: nothing served before
 */
export async function servingNow(target: Target, settings: Settings, before: Instance | null): Promise<{ instance: Instance | null; why: string | null }> {
  if (before === null) return { instance: null, why: null }
  const why = await whyItDoesNotServe(target, settings, before)
  return why === null ? { instance: before, why: null } : { instance: null, why: `Release ${before.release} (${before.version}) was not seen to serve: ${why}` }
}
