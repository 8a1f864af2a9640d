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
  const titles = ["began", "release", "", "image", "took", "by", "why"]
  const rows = releases.map((release) => [
    moment(release.startedAt),
    safe(release.id),
    outcomeWords(release),
    shortDigest(release.digest),
    release.seconds === null ? "–" : duration(release.seconds),
    line(release.who, 16),
    safe(remark(release)),
  ])
  const table = releases.length === 0 ? ["nothing was released there yet"] : alignColumns([titles, ...rows], ["left", "left", "left", "left", "right", "left", "left"]).map((row) => fit(row, screenColumns))
  const room = screenLines - head.length - foot.length
  const shown = table.length > room ? [...table.slice(0, room - 1), `… and ${table.length - room + 1} more: --json has them`] : table
  return `${[...head, ...shown, ...foot].join("\n")}\n`
}

function remark({ breakGlass, causes, why, journaled }: ReleaseRecord): string {
  return [...(breakGlass === null ? [] : [`BREAK GLASS: ${breakGlass.reason}`]), causes[0] ?? why, ...(journaled ? ["(written down later)"] : [])].join(" ")
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
  const details = environments.flatMap(({ environment, latest }) => (latest === null || latest.causes.length === 0 ? [] : [line(`${environment}: ${latest.causes[0]}`)]))
  return `${[line(`Tollgate ${version} · status · ${service}`), "", ...table, ...(details.length === 0 ? [] : ["", ...details]), "", line(chainLine(chain))].slice(0, screenLines).join("\n")}\n`
}

function servingWords({ serving }: EnvironmentStatus): string {
  return serving === null ? "–" : `${shortDigest(serving.digest)} ${moment(serving.at)}`
}

function latestWords({ latest }: EnvironmentStatus): string {
  return latest === null ? "none" : `${outcomeWords(latest)} ${shortDigest(latest.digest)}`
}

function leaseWords(lease: LeaseHolder | null): string {
  return lease === null ? "nobody" : `${lease.command} by ${lease.who}, since ${moment(lease.takenAt)}`
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
