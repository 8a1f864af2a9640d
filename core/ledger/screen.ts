import { alignColumns, fit } from "../report/columns.js"
import { count, duration, moment, shortDigest } from "../report/figures.js"
import { line, safe, screenColumns, screenLines } from "../report/screen.js"
import { version } from "../version.js"
import type { ChainVerdict, LeaseHolder, ReleaseRecord } from "./ledger.js"
import type { EnvironmentStatus, LedgerStatus } from "./status.js"

/** The latest releases, the newest first, as one screen. */
export function historyScreen(service: string, environment: string, releases: readonly ReleaseRecord[], chain: ChainVerdict): string {
  const head = [line(`Tollgate ${version} · history · ${service} · ${environment}`), ""]
  const foot = ["", line(chainLine(chain))]
  const titles = ["began (UTC)", "release", "", "version", "image", "took", "by"]
  const rows = releases.map((release) => [
    moment(release.startedAt).replace(/ UTC$/, ""),
    line(release.id, 32),
    outcomeWords(release),
    line(release.version ?? "–", 16),
    shortDigest(release.digest),
    release.seconds === null ? "–" : duration(release.seconds),
    line(release.who, 12),
  ])
  const [title = "", ...table] = alignColumns([titles, ...rows], ["left", "left", "left", "left", "left", "right", "left"]).map((row) => fit(row, screenColumns))
  const entries = releases.map((release, index) => [table[index] ?? "", ...remarks(release)])
  const room = screenLines - head.length - foot.length - 2
  const shown = entries.filter((_, index) => entries.slice(0, index + 1).flat().length <= room)
  const body = releases.length === 0 ? ["nothing was released there yet"] : [title, ...shown.flat()]
  const more = shown.length < entries.length ? [`… and ${entries.length - shown.length} more: --json has them`] : []
  return `${[...head, ...body, ...more, ...foot].join("\n")}\n`
}

function remarks({ breakGlass, causes, why, journaled }: ReleaseRecord): string[] {
  const said = [...(breakGlass === null ? [] : [`BREAK GLASS: ${breakGlass.reason}`]), causes[0] ?? why, ...(journaled ? ["(written down later)"] : [])].join("  ")
  return said === "" ? [] : [fit(`    ${safe(said)}`, screenColumns)]
}

function outcomeWords({ action, outcome }: ReleaseRecord): string {
  const good = outcome === "live" || outcome === "running"
  return `${action === "rollback" ? "rollback " : ""}${good ? outcome : outcome.toUpperCase()}`
}

export function chainLine(chain: ChainVerdict): string {
  if (chain.kind === "broken") return `RED: the ledger was tampered with at event ${chain.number}: ${chain.why}`
  return `WHOLE: ${count(chain.events, "event")}, the last one ${chain.head.slice(0, 16)}`
}

/** What the ledger knows of each environment. */
export function statusScreen({ service, environments, chain }: LedgerStatus): string {
  const rows = environments.map((one) => [one.environment, servingWords(one), latestWords(one), leaseWords(one.lease)].map((cell) => safe(cell)))
  const table = alignColumns([["environment", "seen to serve", "latest release", "held by"], ...rows], ["left", "left", "left", "left"]).map((row) => fit(row, screenColumns))
  const details = environments.flatMap(({ environment, latest, lease }) => [
    ...(latest === null || latest.causes.length === 0 ? [] : [line(`${environment}: ${latest.causes[0]}`)]),
    ...(lease === null ? [] : [line(`${environment} is held since ${moment(lease.takenAt)}, run ${lease.run}, on ${lease.owner}`)]),
  ])
  return `${[line(`Tollgate ${version} · status · ${service}`), "", ...table, ...(details.length === 0 ? [] : ["", ...details]), "", line(chainLine(chain))].slice(0, screenLines).join("\n")}\n`
}

function servingWords({ serving }: EnvironmentStatus): string {
  return serving === null ? "–" : `${shortDigest(serving.digest)} ${moment(serving.at)}`
}

function latestWords({ latest }: EnvironmentStatus): string {
  return latest === null ? "none" : `${outcomeWords(latest)} ${shortDigest(latest.digest)}`
}

function leaseWords(lease: LeaseHolder | null): string {
  return lease === null ? "nobody" : `${lease.command} by ${line(lease.who, 16)}`
}

/** What `unlock` did. */
export function unlockScreen(held: LeaseHolder, reason: string): string {
  const { environment, run, owner, command, who, takenAt, heartbeatAt } = held
  return `${[
    line(`Tollgate ${version} · unlock · ${environment}`),
    "",
    line(`taken from: ${command} by ${who}, run ${run}, on ${owner}`),
    line(`it had it since ${moment(takenAt)}; its last sign of life was at ${heartbeatAt.slice(11, 19)} UTC`),
    line(`reason, as it is recorded: ${reason}`),
    "",
    line(`UNLOCKED: ${environment}; a run that still works there stops before its next step`),
  ].join("\n")}\n`
}
