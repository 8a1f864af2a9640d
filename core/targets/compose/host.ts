import { isIP } from "node:net"
import type { Duplex } from "node:stream"
import { ZodError } from "zod"
import { TollgateError } from "../../shared/errors.js"
import { TargetError } from "../errors.js"
import type { FenceRule } from "../fence.js"
import { type PlaceHeads, parseHeads, type ReleaseHead } from "../heads.js"
import { NOTHING, type RemoteCommand, type RemoteResult } from "../ssh/command.js"
import type { SshConnection } from "../ssh/connection.js"
import { shellPrints } from "../ssh/failure.js"
import type {
  Answer,
  Colour,
  HttpRequest,
  Instance,
  Job,
  JobResult,
  LogLine,
  OutputRequest,
  Release,
} from "../target.js"
import { claimHost } from "./commands-claim.js"
import { keepHead, readHeads } from "./commands-heads.js"
import { askOwner, parseOwner, pullImage, readImage, registryOf, writeRelease } from "./commands-image.js"
import {
  parseFacts,
  readAddress,
  readFacts,
  readLogs,
  readNews,
  readOutput,
  readVariables,
  runCheck,
} from "./commands-look.js"
import { ensureProxy, proxyAnswers } from "./commands-proxy.js"
import { finishJob, removeRelease, startJob, startRelease } from "./commands-release.js"
import { environmentFile, parseEnvironmentFile, START_SCRIPT } from "./environment-file.js"
import { commandFailure } from "./failure.js"
import { ask } from "./http.js"
import { type ImageConfig, imageConfig, type Owner, ownerOf, programOf } from "./image-config.js"
import { type News, parseLog, parseNews } from "./log-lines.js"
import type { Counted } from "./metrics.js"
import { parseMetrics } from "./metrics.js"
import { METRICS_PORT, PROXY } from "./names.js"
import type { ServicePlan } from "./plan.js"
import {
  type ContainerState,
  type HostState,
  parseContainer,
  parseRelease,
  parseState,
  readContainer,
  readState,
} from "./state.js"

/** Operations on one host. */
export class Host {
  readonly place: string
  readonly #connection: SshConnection
  #plan: ServicePlan
  /** Releases that have what they need here: a deployment's commands and its containers are of the same one. */
  readonly #prepared = new Map<string, ImageConfig>()

  constructor(connection: SshConnection, plan: ServicePlan) {
    this.place = connection.place
    this.#connection = connection
    this.#plan = plan
  }

  /** Its standard output; throws what a failure means. */
  async run(command: RemoteCommand): Promise<string> {
    const result = await this.#result(command)
    if (result.code !== 0) throw commandFailure(this.place, command, result)
    return result.stdout
  }

  async #result(command: RemoteCommand): Promise<RemoteResult> {
    try {
      return await this.#connection.run(command)
    } catch (error) {
      if (command.looks !== true || !(error instanceof TargetError) || error.kind !== "cut") throw error
      return await this.#connection.run(command)
    }
  }

  /** What a command printed, as it is meant; whatever else it is, is not ours. */
  async #read<Read>(command: RemoteCommand, read: (printed: string) => Read): Promise<Read> {
    const printed = await this.run(command)
    try {
      return read(printed)
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError || error instanceof ZodError)
        throw shellPrints(this.place, command.what)
      throw error
    }
  }

  async state(): Promise<HostState> {
    return await this.#stateBy(readState(this.#plan))
  }

  async #stateBy(command: RemoteCommand): Promise<HostState> {
    const state = await this.#read(command, (printed) => parseState(printed, this.#plan))
    return { ...state, releases: state.releases.map((one) => this.#here(one)) }
  }

  /** @param mode `above`: with a token above all that the host has seen, and at least the given one */
  async claim(rule: Extract<FenceRule, { kind: "run" }>, mode: "exactly" | "above"): Promise<HostState> {
    return await this.#stateBy(claimHost(this.#plan, rule, mode))
  }

  /** Every change from now on is of the run that claimed the target. */
  hold(fence: FenceRule): void {
    this.#plan = { ...this.#plan, fence }
  }

  async keepHead(head: ReleaseHead): Promise<PlaceHeads> {
    return { place: this.place, heads: await this.#read(keepHead(this.#plan, head), parseHeads) }
  }

  async heads(): Promise<PlaceHeads> {
    return { place: this.place, heads: await this.#read(readHeads(this.#plan), parseHeads) }
  }

  #here(instance: Instance): Instance {
    return { ...instance, replicas: instance.replicas.map((replica) => ({ ...replica, place: this.place })) }
  }

  /** null: there is no such container. */
  async container(name: string): Promise<ContainerState | null> {
    return await this.#read(readContainer(name), (printed) => parseContainer(printed, this.#plan))
  }

  async facts(): Promise<{ runtime: string; freeBytes: number; clockSkew: number }> {
    // the time that the connection takes to be made is not the clock's
    await this.run({ what: "connect", script: NOTHING, seconds: 20, looks: true })
    const before = Date.now()
    const printed = await this.run(readFacts())
    const facts = parseFacts(printed)
    if (facts === null) throw shellPrints(this.place, readFacts().what)
    return {
      runtime: `Docker ${facts.docker}`,
      freeBytes: facts.freeBytes,
      clockSkew: Math.round(facts.time - before / 1000),
    }
  }

  /** Fetches the image, and writes down what its containers read. */
  async prepare(release: Release): Promise<ImageConfig> {
    const known = this.#prepared.get(release.id)
    if (known !== undefined) return known
    const { login } = release
    const pull = pullImage(
      this.#plan,
      release.image,
      login === null ? null : { user: login.user, password: await login.password() },
    )
    await this.run(pull)
    const config = await this.#read(readImage(release.image), (printed) => imageConfig.parse(JSON.parse(printed)))
    const owner = ownerOf(config) ?? (await this.#askOwner(release.image))
    const values = new Map([
      ...(await release.environment()),
      ["TOLLGATE_RELEASE", release.id],
      ["TOLLGATE_VERSION", release.version],
    ])
    await this.run(writeRelease(this.#plan, release.id, owner, environmentFile(values), START_SCRIPT))
    this.#prepared.set(release.id, config)
    return config
  }

  async #askOwner(image: string): Promise<Owner> {
    const owner = parseOwner(await this.run(askOwner(image)))
    if (owner === null) throw shellPrints(this.place, "ask the image for its user")
    return owner
  }

  /** The network and the proxy; its image may be in the same registry as the release's. */
  async #ensureProxy(release: Release): Promise<void> {
    if ((await this.#result(proxyAnswers(this.#plan))).code === 0) return
    const { image } = this.#plan.proxy
    const login =
      release.login !== null && registryOf(image) === registryOf(release.image)
        ? { user: release.login.user, password: await release.login.password() }
        : null
    await this.run(pullImage(this.#plan, image, login))
    await this.run(ensureProxy(this.#plan))
  }

  /** @returns the release as it is here then; null: it is not there any more */
  async start(release: Release, colour: Colour): Promise<Instance | null> {
    const [config] = await Promise.all([this.prepare(release), this.#ensureProxy(release)])
    const web = programOf(config, this.#plan.webCommand)
    if (web === null)
      throw new TargetError(
        "start-failed",
        this.place,
        "the image has neither ENTRYPOINT nor CMD.",
        "Add a CMD to the Dockerfile, or a command to release.processes.web.",
      )
    const workers = this.#plan.workers.map(({ name, command }) => ({
      name,
      program: programOf(config, command) ?? [...command],
    }))
    const { id, version, image, configDigest } = release
    const command = startRelease(this.#plan, { id, version, image, configDigest, colour }, config, web, workers)
    const result = await this.#result(command)
    if (result.code === 0) {
      const started = parseRelease(result.stdout, id)
      return started === null ? null : this.#here(started)
    }
    const failure = commandFailure(this.place, command, result)
    throw failure.kind === "failed"
      ? new TargetError("start-failed", this.place, problemOf(this.place, failure).what, failure.next)
      : failure
  }

  async remove(release: string, image: string): Promise<void> {
    this.#prepared.delete(release)
    await this.run(removeRelease(this.#plan, release, image))
  }

  /** Why it is not healthy now; null: it is. */
  async unhealthy(container: string, { address, check }: ContainerState): Promise<string | null> {
    if (address === null) return "it has no address yet"
    const { healthPath, port } = this.#plan
    const answer = await this.ask(address, port, { method: "GET", path: healthPath, seconds: 5 })
    if (answer.kind === "silent") return `${healthPath}: ${answer.why}`
    if (answer.status < 200 || answer.status > 299) return `${healthPath} answered ${answer.status}`
    if (check === null) return null
    const { code, stdout, stderr } = await this.#result(runCheck(container, check, 30))
    return code === 0
      ? null
      : `its HEALTHCHECK exited with code ${code}: ${`${stdout}${stderr}`.trim().split("\n").at(-1) ?? ""}`
  }

  async ask(address: string, port: number, request: HttpRequest, host = "localhost", secure = false): Promise<Answer> {
    return await ask(() => this.#connection.dial(address, port), host, request, secure)
  }

  async logs(container: string, lines: number): Promise<string[]> {
    const { code, stdout } = await this.#result(readLogs(container, lines))
    return code === 0 ? stdout.split("\n").filter((line) => line !== "") : []
  }

  async output(container: string, asked: OutputRequest): Promise<LogLine[]> {
    const { code, stdout } = await this.#result(readOutput(container, asked))
    return code === 0 ? parseLog(stdout) : []
  }

  async news(container: string, since: string | null): Promise<News> {
    const { stdout, stderr } = await this.#result(readNews(container, since))
    return parseNews(stdout, stderr)
  }

  async variables(release: string): Promise<Map<string, string>> {
    return parseEnvironmentFile(await this.run(readVariables(this.#plan, release)))
  }

  async job(release: Release, colour: Colour, { name, command, seconds }: Job): Promise<JobResult> {
    // the network is made with the proxy, and a first migration comes before any release
    await Promise.all([this.prepare(release), this.#ensureProxy(release)])
    const { id, version, image, configDigest } = release
    const began = performance.now()
    await this.run(startJob(this.#plan, { id, version, image, configDigest, colour }, name, command, seconds))
    const [code = "", ...printed] = (await this.run(finishJob(this.#plan, id, name, seconds))).trimEnd().split("\n")
    if (!/^\d{1,3}$/.test(code)) throw shellPrints(this.place, `wait for the job ${name}`)
    const took = (performance.now() - began) / 1000
    if (code === "0") return { kind: "done", printed, seconds: took }
    return code === "124"
      ? { kind: "too-long", printed, seconds: took }
      : { kind: "failed", code: Number(code), printed, seconds: took }
  }

  async counted(): Promise<Counted> {
    const address = await this.address(PROXY)
    if (address === null) return { requests: [], durations: [] }
    const answer = await this.ask(address, METRICS_PORT, { method: "GET", path: "/metrics" })
    if (answer.kind === "silent" || answer.status !== 200)
      throw new TargetError(
        "proxy",
        this.place,
        "the proxy did not return its metrics.",
        "Read `docker logs tollgate-proxy` on the host.",
      )
    const counted = parseMetrics(answer.body, this.#plan.service)
    if (counted !== null) return counted
    throw new TargetError(
      "proxy",
      this.place,
      "the proxy returned invalid metrics.",
      "Check environments.NAME.target.proxy.image: the default is kamal-proxy.",
    )
  }

  /** null: there is no such container, or it does not run. */
  async address(container: string): Promise<string | null> {
    const address = (await this.run(readAddress(this.#plan, container))).trim()
    if (address !== "" && isIP(address) === 0) throw shellPrints(this.place, `look for ${container}`)
    return address === "" ? null : address
  }

  async dial(name: string, port: number): Promise<Duplex> {
    const address = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) ? await this.address(name) : null
    return await this.#connection.dial(address ?? name, port)
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }
}

/** A problem of one host among those of others. */
export function problemOf(place: string, error: unknown): { place: string; code: string; what: string; next: string } {
  if (!(error instanceof TollgateError)) throw error
  const what = error.message.slice(0, error.next === "" ? undefined : -error.next.length).trim()
  return { place, code: error.code.replace(/^target-/, ""), what: what.replace(`${place}: `, ""), next: error.next }
}
