import { z } from "zod"
import { words } from "../../shared/shell-words.js"
import { type Fence, parseFence } from "../fence.js"
import type { RemoteCommand } from "../ssh/command.js"
import type { Colour, Instance, Maintenance, ProxyState, Replica, ReplicaState } from "../target.js"
import { containerName, label, PROXY, releaseFolder, serviceFolder, WEB } from "./names.js"
import type { ServicePlan } from "./plan.js"
import { daemonAnswers, fenceFile } from "./script.js"

/** What one host says of itself. */
export interface HostState {
  proxy: ProxyState
  /** How the proxy was started; null: it is not there. */
  proxySettings: string | null
  /** Where the proxy sends the service's traffic; null: nowhere. */
  traffic: { container: string; release: string | null } | null
  maintenance: Maintenance
  releases: Instance[]
  /** The run that claimed the host last; null: none. */
  fence: Fence | null
}

/** A container has its image's labels too. */
const REVISION = "org.opencontainers.image.revision"
const MARK = "@@tollgate"
const FORMAT =
  '{"name":{{json .Name}},"labels":{{json .Config.Labels}},"state":{{json .State}},"restarts":{{json .RestartCount}},"created":{{json .Created}},"networks":{{json .NetworkSettings.Networks}},"image":{{json .Config.Image}},"check":{{json .Config.Healthcheck}}}'

const inspect = (names: string) => `docker inspect --type container --format ${words(FORMAT)} ${names}`

/** Waits a moment for what is under way, so that what is read is not about to change. The proxy is asked beside the rest: it is the slowest. */
export function readState(plan: ServicePlan): RemoteCommand {
  const folder = serviceFolder(plan)
  const script = [
    `[ -e ${words(`${folder}/lock`)} ] && exec 9<${words(`${folder}/lock`)} && flock -s -w 10 9`,
    printState(plan),
  ].join("\n")
  return { what: "read what is running", script, seconds: 60, looks: true }
}

/** The end of a script that prints what is on the host: `parseState` reads it. */
export function printState(plan: ServicePlan): string {
  const folder = serviceFolder(plan)
  return [
    `docker exec ${PROXY} kamal-proxy list 2>&1 | {`,
    `echo ${MARK} containers`,
    `all=$(docker ps -aq --filter ${words(`label=${label.service}=${plan.service}`)}) || exit 1`,
    `${inspect(`${PROXY} $all`)} 2>/dev/null`,
    `echo ${MARK} switched`,
    `for file in ${words(`${folder}/releases`)}/*/switched; do [ -f "$file" ] && release=\${file%/switched} && echo "\${release##*/} $(cat "$file")"; done`,
    `echo ${MARK} routes`,
    "cat",
    `echo ${MARK} maintenance`,
    `cat ${words(`${folder}/maintenance`)} 2>/dev/null || cat ${words(`${folder}/maintenance-ended`)} 2>/dev/null`,
    `echo; echo ${MARK} fence`,
    `cat ${words(fenceFile(plan))} 2>/dev/null`,
    "exit 0",
    "}",
  ].join("\n")
}

/** Lines of a script that print one release as it is at its end: `parseRelease` reads them. */
export function printRelease(plan: ServicePlan, release: string, processes: readonly string[]): string[] {
  const switched = words(`${releaseFolder(plan, release)}/switched`)
  return [
    `echo ${MARK} containers`,
    inspect(words(...processes.map((process) => containerName(plan, process, release)))),
    `echo ${MARK} switched`,
    `[ ! -f ${switched} ] || echo ${words(release)} "$(cat ${switched})"`,
  ]
}

export function parseRelease(printed: string, release: string): Instance | null {
  const section = sectionsOf(printed)
  return (
    instancesOf(containersOf(section("containers")), switchedOf(section("switched"))).find(
      (one) => one.release === release,
    ) ?? null
  )
}

/** One container alone, again and again while it starts. */
export function readContainer(name: string): RemoteCommand {
  return {
    what: `look at ${name}`,
    script: `${inspect(words(name))} 2>/dev/null || ${daemonAnswers}`,
    seconds: 30,
    looks: true,
  }
}

export interface ContainerState {
  readonly state: ReplicaState
  /** In the Docker network; null: none yet. */
  readonly address: string | null
  /** The line of its check, for /bin/sh; null: it has none. */
  readonly check: string | null
}

/** @returns null: there is no such container */
export function parseContainer(printed: string, plan: ServicePlan): ContainerState | null {
  const [one] = containersOf(printed)
  if (one === undefined) return null
  const [kind, line] = one.check?.Test ?? []
  return { state: stateOf(one), address: addressOf(one, plan), check: kind === "CMD-SHELL" ? (line ?? null) : null }
}

const container = z.object({
  name: z.string().transform((name) => name.replace(/^\//, "")),
  labels: z.record(z.string(), z.string()).nullable(),
  state: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    StartedAt: z.string(),
    Error: z.string().optional(),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
  restarts: z.number(),
  created: z.string(),
  networks: z.record(z.string(), z.object({ IPAddress: z.string() })),
  image: z.string(),
  check: z.object({ Test: z.array(z.string()).nullish() }).nullish(),
})

type Container = z.output<typeof container>

export function parseState(printed: string, plan: ServicePlan): HostState {
  const section = sectionsOf(printed)
  const all = containersOf(section("containers"))
  const proxy = all.find(({ name }) => name === PROXY) ?? null
  const containers = all.filter((one) => one !== proxy)
  const releases = instancesOf(containers, switchedOf(section("switched")))
  const route =
    proxy?.state.Status === "running"
      ? routesOf(section("routes")).find(({ service }) => service === plan.service)
      : undefined
  const target = route?.target.replace(/:\d+$/, "")
  return {
    proxy: proxyState(proxy, section("routes")),
    proxySettings: proxy?.labels?.[label.settings] ?? null,
    traffic:
      target === undefined
        ? null
        : {
            container: target,
            release: releases.find(({ release }) => containerName(plan, WEB, release) === target)?.release ?? null,
          },
    maintenance: maintenanceOf(route, section("maintenance").trim()),
    releases,
    fence: parseFence(section("fence")),
  }
}

function sectionsOf(printed: string): (name: string) => string {
  const parts = new Map<string, string>()
  for (const part of printed.split(new RegExp(`^${MARK} `, "m")).slice(1)) {
    const end = part.indexOf("\n")
    parts.set(part.slice(0, end), part.slice(end + 1))
  }
  return (name) => {
    const found = parts.get(name)
    if (found === undefined) throw new RangeError(`the host did not say anything of ${name}`)
    return found
  }
}

function containersOf(text: string): Container[] {
  return linesOf(text).map((line) => container.parse(JSON.parse(line)))
}

/** When each release got the traffic. */
function switchedOf(text: string): Map<string, string> {
  return new Map(linesOf(text).map((line) => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""]))
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "")
}

export interface Route {
  service: string
  target: string
  state: string
}

/** The table that `kamal-proxy list` prints, without its colours: no cell has a blank in it. */
export function routesOf(printed: string): Route[] {
  return linesOf(printed.replace(/\u001b\[[\d;]*m/g, ""))
    .slice(1)
    .flatMap((line) => {
      const [service = "", , , target = "", state = ""] = line.trim().split(/\s+/)
      return state === "" ? [] : [{ service, target, state }]
    })
}

/** @param kept its message while it is on; then when it ended */
function maintenanceOf(route: Route | undefined, kept: string): Maintenance {
  if (route?.state === "stopped") return { kind: "on", message: kept }
  return kept === "" ? { kind: "off" } : { kind: "off", ended: kept }
}

function proxyState(proxy: Container | null, routes: string): ProxyState {
  if (proxy === null) return { kind: "absent" }
  if (proxy.state.Status !== "running")
    return {
      kind: "down",
      why:
        proxy.state.Error === undefined || proxy.state.Error === ""
          ? `its container is ${proxy.state.Status}, exit code ${proxy.state.ExitCode}`
          : proxy.state.Error,
    }
  if (!/Service\b/.test(routes)) return { kind: "down", why: "it is running but does not answer" }
  return { kind: "running", version: proxy.image.split(":").at(-1) ?? "" }
}

function addressOf(one: Container, { network }: ServicePlan): string | null {
  const address = one.networks[network]?.IPAddress ?? ""
  return address === "" ? null : address
}

function instancesOf(containers: Container[], switched: ReadonlyMap<string, string>): Instance[] {
  const byRelease = new Map<string, Container[]>()
  for (const one of containers) {
    const release = one.labels?.[label.release]
    if (release === undefined || one.labels?.[label.job] !== undefined) continue
    byRelease.set(release, [...(byRelease.get(release) ?? []), one])
  }
  return [...byRelease].map(([release, all]) => {
    const labels = all[0]?.labels ?? {}
    const image = labels[label.image] ?? ""
    return {
      release,
      version: labels[label.version] ?? "",
      image,
      digest: image.split("@")[1] ?? "",
      configDigest: labels[label.config] ?? "",
      revision: labels[REVISION] ?? null,
      colour: colourOf(labels[label.colour]),
      startedAt: all.map(({ created }) => created).sort()[0] ?? "",
      switchedAt: switched.get(release) ?? null,
      replicas: all
        .map(
          (one): Replica => ({
            place: "",
            process: one.labels?.[label.process] ?? "",
            name: one.name,
            state: stateOf(one),
          }),
        )
        .sort(webFirst),
    }
  })
}

function webFirst(one: Replica, other: Replica): number {
  return Number(other.process === WEB) - Number(one.process === WEB) || one.process.localeCompare(other.process)
}

function colourOf(text: string | undefined): Colour {
  return text === "green" ? "green" : "blue"
}

function stateOf({ state, restarts }: Container): ReplicaState {
  switch (state.Status) {
    case "created":
      return { kind: "prepared" }
    case "restarting":
      return { kind: "restarting", code: state.ExitCode, restarts }
    case "running": {
      const check = state.Health?.Status
      return {
        kind: "running",
        check: check === "healthy" || check === "starting" || check === "unhealthy" ? check : "none",
        restarts,
      }
    }
    default:
      return { kind: "ended", code: state.ExitCode, outOfMemory: state.OOMKilled }
  }
}
