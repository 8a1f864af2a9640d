import type { Duplex } from "node:stream"
import { setTimeout as pause } from "node:timers/promises"
import { FencedError, TargetError } from "../errors.js"
import type { FenceRule, RunIdentity } from "../fence.js"
import type { HeadStore } from "../heads.js"
import type {
  Answer,
  Claim,
  Colour,
  Health,
  HttpRequest,
  Instance,
  Job,
  JobResult,
  Maintenance,
  OutputRequest,
  Pruned,
  Release,
  Replica,
  ReplicaLog,
  ReplicaNews,
  ReplicaOutput,
  Running,
  Switched,
  Target,
  TargetCheck,
  Traffic,
} from "../target.js"
import { checkHosts } from "./check.js"
import { claimHosts } from "./claim.js"
import { maintenanceOff, maintenanceOn } from "./commands-proxy.js"
import { changeWorkers, removeLeftovers, stopRelease, switchTo } from "./commands-release.js"
import type { Host } from "./host.js"
import { sumCounted } from "./metrics.js"
import { containerName, WEB } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { merged, runningOf } from "./running.js"
import { requireAll, seconds } from "./several.js"
import type { HostState } from "./state.js"

const POLL_MILLISECONDS = 100
const LAST_LINES = 20

/** Hosts with Docker, each with kamal-proxy in front of the service, reached over SSH. */
export class ComposeTarget implements Target {
  readonly name: string
  readonly heads: HeadStore = {
    keep: (head) => {
      this.#claimed()
      return requireAll(this.#hosts.map((host) => host.keepHead(head)))
    },
    read: () => requireAll(this.#hosts.map((host) => host.heads())),
  }
  readonly #hosts: readonly Host[]
  #plan: ServicePlan
  readonly #order: "in-turn" | "at-once"
  /** What was there when it was last looked at; null: it was not, or the traffic has moved since. */
  #seen: Running | null = null

  constructor(name: string, hosts: readonly Host[], plan: ServicePlan, order: "in-turn" | "at-once") {
    this.name = name
    this.#hosts = hosts
    this.#plan = plan
    this.#order = order
  }

  async check(imageBytes: number): Promise<TargetCheck> {
    const checked = await checkHosts(this.#hosts, this.#plan, imageBytes)
    this.#seen = checked.running
    return checked
  }

  async running(): Promise<Running> {
    this.#seen = runningOf(await this.#states())
    return this.#seen
  }

  async claim(run: RunIdentity, lease: number | null): Promise<Claim> {
    const claimed = await claimHosts(this.#hosts, run, lease)
    if (claimed.kind === "refused") return claimed
    const { fence, states } = claimed
    this.#hold({ kind: "run", fence })
    this.#seen = runningOf(states)
    return { kind: "held", fence, running: this.#seen }
  }

  #hold(rule: FenceRule): void {
    this.#plan = { ...this.#plan, fence: rule }
    for (const host of this.#hosts) host.hold(rule)
  }

  /** A change without a claim would be one that nothing on the hosts could refuse. */
  #claimed(): ServicePlan {
    if (this.#plan.fence === null) throw new RangeError(`${this.name} is changed by a run that has not claimed it`)
    return this.#plan
  }

  async #states(): Promise<{ host: Host; state: HostState }[]> {
    return await requireAll(this.#hosts.map(async (host) => ({ host, state: await host.state() })))
  }

  async start(release: Release): Promise<Instance> {
    this.#claimed()
    const started = await this.#started(release)
    const other = started.find(
      ({ image, configDigest }) => image !== release.image || configDigest !== release.configDigest,
    )
    if (other === undefined) return requireInstance(started, release.id, this.#first.place)
    // the same id of something else: what is there cannot become it
    await this.retire(other)
    return requireInstance(await this.#started(release), release.id, this.#first.place)
  }

  /** As each host has it. */
  async #started(release: Release): Promise<Instance[]> {
    const colour = await this.#colourOf(release.id)
    const started = await requireAll(this.#hosts.map((host) => host.start(release, colour)))
    return started.filter((one) => one !== null)
  }

  /** A name to tell two releases apart by: what was seen last says enough of it. */
  async #colourOf(id: string): Promise<Colour> {
    const { live, retained, candidates } = this.#seen ?? (await this.running())
    const there = [...(live.kind === "live" ? [live.instance] : []), ...retained, ...candidates].find(
      ({ release }) => release === id,
    )
    if (there !== undefined) return there.colour
    return live.kind === "live" && live.instance.colour === "blue" ? "green" : "blue"
  }

  async health(instance: Instance): Promise<Health> {
    const began = performance.now()
    const web = instance.replicas.filter(({ process }) => process === WEB)
    const all = await requireAll(web.map((replica) => this.#healthOf(replica)))
    return all.find(({ kind }) => kind === "unhealthy") ?? { kind: "healthy", after: seconds(began) }
  }

  async #healthOf(replica: Replica): Promise<Health> {
    const host = this.#hostAt(replica.place)
    const began = performance.now()
    let why = "it was not asked"
    let now = replica
    while (seconds(began) < this.#plan.healthSeconds) {
      const seen = await host.container(replica.name)
      now = { ...replica, state: seen?.state ?? now.state }
      const ended = endOf(now)
      why = ended ?? (seen === null ? "it is not there" : ((await host.unhealthy(replica.name, seen)) ?? ""))
      if (why === "") return { kind: "healthy", after: seconds(began) }
      if (ended !== null) break
      await pause(POLL_MILLISECONDS)
    }
    const waited = endOf(now) === null ? ` within ${this.#plan.healthSeconds} s` : ""
    return {
      kind: "unhealthy",
      replica: now,
      why: `${why}${waited}`,
      printed: await host.logs(replica.name, LAST_LINES),
    }
  }

  async request(instance: Instance, request: HttpRequest): Promise<Answer> {
    const host = request.place === undefined ? this.#first : this.#hostAt(request.place)
    const address = await host.address(containerName(this.#plan, WEB, instance.release))
    if (address === null) return { kind: "silent", why: "it does not run", milliseconds: 0 }
    return await host.ask(address, this.#plan.port, request, this.#plan.proxy.host ?? "localhost")
  }

  async requestLive(request: HttpRequest): Promise<Answer> {
    const host = request.place === undefined ? this.#first : this.#hostAt(request.place)
    const { tls, httpPort, httpsPort, host: name } = this.#plan.proxy
    return await host.ask("127.0.0.1", tls ? httpsPort : httpPort, request, name ?? "localhost", tls)
  }

  async switch(instance: Instance, instead: readonly string[] | null = null): Promise<Switched> {
    const { release } = instance
    const plan = this.#claimed()
    this.#seen = null
    const began = performance.now()
    const give = async (host: Host) => void (await host.run(switchTo(plan, release, instead)))
    const done: string[] = []
    const note = async (host: Host) => {
      await give(host)
      done.push(host.place)
    }
    try {
      if (this.#order === "at-once") await requireAll(this.#hosts.map(note))
      else for (const host of this.#hosts) await note(host)
    } catch (error) {
      if (done.length === 0 || !(error instanceof TargetError) || error instanceof FencedError) throw error
      throw new TargetError(
        "split",
        error.place,
        `${error.message}\n${done.join(", ")} ${done.length === 1 ? "has" : "have"} switched to release ${release} already.`,
        "Deploy again or roll back. `tollgate status` shows what each host is serving.",
      )
    }
    const traffic = seconds(began)
    await requireAll(this.#hosts.map((host) => host.run(changeWorkers(plan, release))))
    return { traffic, workers: seconds(began) - traffic }
  }

  async stop(instance: Instance): Promise<void> {
    await this.#requireIdle(instance)
    await requireAll(this.#hosts.map((host) => host.run(stopRelease(this.#claimed(), instance.release))))
  }

  async retire(instance: Instance): Promise<void> {
    this.#claimed()
    await this.#requireIdle(instance)
    await requireAll(this.#hosts.map((host) => host.remove(instance.release, instance.image)))
  }

  async #requireIdle({ release }: Instance): Promise<void> {
    const busy = (await this.#states()).find(({ state }) => state.traffic?.release === release)
    if (busy !== undefined)
      throw new TargetError(
        "live",
        busy.host.place,
        `release ${release} has the traffic.`,
        "Switch to another release first.",
      )
  }

  async prune(): Promise<Pruned> {
    const plan = this.#claimed()
    const { retained, candidates } = await this.running()
    const { releases, running } = this.#plan.retain
    const keep = retained.slice(0, releases)
    const stop = keep
      .slice(running)
      .filter(({ replicas }) => replicas.some(({ state }) => state.kind === "running" || state.kind === "restarting"))
    const remove = [...retained.slice(releases), ...candidates]
    for (const instance of stop) await this.stop(instance)
    for (const instance of remove) await this.retire(instance)
    await requireAll(this.#hosts.map((host) => host.run(removeLeftovers(plan))))
    return { stopped: stop.map(({ release }) => release), removed: remove.map(({ release }) => release) }
  }

  async runJob(release: Release, job: Job): Promise<JobResult> {
    this.#claimed()
    return await this.#first.job(release, await this.#colourOf(release.id), job)
  }

  async logs(instance: Instance, lines: number): Promise<ReplicaLog[]> {
    return await requireAll(
      instance.replicas.map(async (replica) => ({
        replica,
        lines: await this.#hostAt(replica.place).logs(replica.name, lines),
      })),
    )
  }

  async output(instance: Instance, asked: OutputRequest): Promise<ReplicaOutput[]> {
    return await requireAll(
      instance.replicas.map(async (replica) => ({
        replica,
        lines: await this.#hostAt(replica.place).output(replica.name, asked),
      })),
    )
  }

  async news(instance: Instance, since: (replica: Replica) => string | null): Promise<ReplicaNews[]> {
    const places = [...new Set(instance.replicas.map(({ place }) => place))]
    const all = await Promise.all(
      places.map(async (place) => {
        const news: ReplicaNews[] = []
        // one after the other: sshd has a limit of sessions, which a deployment needs
        for (const replica of instance.replicas.filter((one) => one.place === place))
          news.push(await this.#newsOf(replica, since(replica)))
        return news
      }),
    )
    return all.flat()
  }

  async #newsOf(replica: Replica, since: string | null): Promise<ReplicaNews> {
    const unread = (problem: string) => ({ replica, lines: [], left: 0, problem })
    try {
      const news = await this.#hostAt(replica.place).news(replica.name, since)
      return news.kind === "none" ? unread(news.why) : { replica, lines: news.lines, left: news.left, problem: null }
    } catch (error) {
      if (error instanceof TargetError) return unread(error.message)
      throw error
    }
  }

  async variables({ release }: Instance): Promise<ReadonlyMap<string, string>> {
    return await this.#first.variables(release)
  }

  async maintenance(wanted: Maintenance): Promise<void> {
    const states = await this.#states()
    const { live, maintenance } = runningOf(states)
    if (live.kind === "none")
      throw new TargetError("proxy", this.#first.place, "nothing has been deployed yet.", "Deploy first.")
    if (wanted.kind === "off" && maintenance.kind === "off") return
    await requireAll(
      states.map(({ host, state }) => {
        const plan: ServicePlan = { ...this.#plan, fence: { kind: "unchanged", token: state.fence?.token ?? 0 } }
        return host.run(wanted.kind === "on" ? maintenanceOn(plan, wanted.message) : maintenanceOff(plan))
      }),
    )
  }

  async traffic(): Promise<Traffic> {
    const at = new Date().toISOString()
    const all = await requireAll(this.#hosts.map((host) => host.counted()))
    return { at, ...sumCounted(all) }
  }

  async dial(host: string, port: number): Promise<Duplex> {
    return await this.#first.dial(host, port)
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()))
  }

  get #first(): Host {
    const [first] = this.#hosts
    if (first === undefined) throw new RangeError("a target has a host")
    return first
  }

  #hostAt(place: string): Host {
    const found = this.#hosts.find((host) => host.place === place)
    if (found === undefined) throw new RangeError(`${place} is no host of ${this.name}`)
    return found
  }
}

/** Why it will not become healthy any more; null: it may. */
function endOf({ state }: Replica): string | null {
  switch (state.kind) {
    case "ended":
      return state.outOfMemory ? "it ran out of memory" : `it exited with code ${state.code}`
    case "restarting":
      return `it exited with code ${state.code}, ${state.restarts + 1} times`
    case "running":
      return state.restarts > 0 ? `it exited and was restarted ${state.restarts} times` : null
    case "prepared":
      return "it was not started"
  }
}

function requireInstance(started: readonly Instance[], id: string, place: string): Instance {
  const [found] = merged(started)
  if (found === undefined)
    throw new TargetError(
      "start-failed",
      place,
      `release ${id} was started but is gone.`,
      "Something else removes containers on this host. Run the same command again.",
    )
  return found
}
