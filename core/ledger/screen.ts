import { alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { line, safe, screenColumns, screenLines } from "../presentation/screen.js"
import { count, duration, moment, shortDigest } from "../shared/figures.js"
import { version } from "../shared/version.js"
import type { ChainVerdict, LeaseHolder, ReleaseRecord } from "./ledger.js"
import type { EnvironmentStatus, LedgerStatus } from "./status.js"

/**
 * The latest releases, the newest first, as one screen.
 *
 * @param signatures the verdict on the recorded approvals and policies; empty: there are none
 */
export function historyScreen(
  service: string,
  environment: string,
  releases: readonly ReleaseRecord[],
  chain: ChainVerdict,
  signatures = "",
): string {
  const head = [line(`Tollgate ${version} · history · ${service} · ${environment}`), ""]
  const foot = ["", ...(signatures === "" ? [] : [line(signatures)]), line(chainLine(chain))]
  const titles = ["started (UTC)", "release", "outcome", "version", "image", "duration", "by"]
  const rows = releases.map((release) => [
    moment(release.startedAt).replace(/ UTC$/, ""),
    line(release.id, 32),
    outcomeWords(release),
    line(release.version ?? "–", 16),
    shortDigest(release.digest),
    release.seconds === null ? "–" : duration(release.seconds),
    line(release.who, 12),
  ])
  const [title = "", ...table] = alignColumns(
    [titles, ...rows],
    ["left", "left", "left", "left", "left", "right", "left"],
  ).map((row) => fit(row, screenColumns))
  const entries = releases.map((release, index) => [table[index] ?? "", ...remarks(release)])
  const room = screenLines - head.length - foot.length - 2
  const shown = entries.filter((_, index) => entries.slice(0, index + 1).flat().length <= room)
  const body = releases.length === 0 ? ["no releases yet"] : [title, ...shown.flat()]
  const more =
    shown.length < entries.length ? [`… and ${entries.length - shown.length} more: use --json to see all`] : []
  return `${[...head, ...body, ...more, ...foot].join("\n")}\n`
}

function remarks({ breakGlass, causes, why, journaled }: ReleaseRecord): string[] {
  const said = [
    ...(breakGlass === null ? [] : [`BREAK GLASS: ${breakGlass.reason}`]),
    causes[0] === undefined ? why : verdictOf(causes[0]),
    ...(journaled ? ["(recorded later, from a journal)"] : []),
  ].join("  ")
  return said === "" ? [] : [fit(`    ${safe(said)}`, screenColumns)]
}

/** A gate's cause is its whole screen, of which one line has the verdict. */
function verdictOf(cause: string): string {
  return cause.split("\n").find((text) => /^(?:FAILED|INCONCLUSIVE): /.test(text)) ?? cause
}

function outcomeWords({ action, outcome }: ReleaseRecord): string {
  const fine = outcome === "live" || outcome === "running"
  return `${action === "rollback" ? "rollback " : ""}${fine ? outcome : outcome.toUpperCase()}`
}

export function chainLine(chain: ChainVerdict): string {
  if (chain.kind === "broken") return `FAILED: the ledger's hash chain is broken at event ${chain.number}: ${chain.why}`
  return `PASSED: hash chain of ${count(chain.events, "event")} verified, head ${chain.head.slice(0, 16)}`
}

/** The ledger's view of each environment. */
export function statusScreen(
  { service, environments, chain }: LedgerStatus,
  signatures: readonly string[] = [],
): string {
  const rows = environments.map((one) =>
    [one.environment, servingWords(one), latestWords(one), leaseWords(one.lease)].map((cell) => safe(cell)),
  )
  const table = alignColumns(
    [["environment", "last verified serving", "latest release", "lease"], ...rows],
    ["left", "left", "left", "left"],
  ).map((row) => fit(row, screenColumns))
  const details = environments.flatMap(({ environment, latest, lease }) => [
    ...(latest === null || latest.causes.length === 0 ? [] : [line(`${environment}: ${latest.causes[0]}`)]),
    ...(lease === null
      ? []
      : [line(`${environment} has been locked since ${moment(lease.takenAt)} by run ${lease.run}, on ${lease.owner}`)]),
  ])
  return `${[line(`Tollgate ${version} · status · ${service}`), "", ...table, ...(details.length === 0 ? [] : ["", ...details]), "", ...signatures.map((one) => line(one)), line(chainLine(chain))].slice(0, screenLines).join("\n")}\n`
}

function servingWords({ serving }: EnvironmentStatus): string {
  return serving === null ? "–" : `${shortDigest(serving.digest)} ${moment(serving.at)}`
}

function latestWords({ latest }: EnvironmentStatus): string {
  return latest === null ? "none" : `${outcomeWords(latest)} ${shortDigest(latest.digest)}`
}

function leaseWords(lease: LeaseHolder | null): string {
  return lease === null ? "free" : `${lease.command} by ${line(lease.who, 16)}`
}

/**
 * Result of `ledger verify`. Its last line is a failure, if there is one.
 *
 * @param verdicts one a line
 * @param next what to do; empty: nothing
 */
export function verifyScreen(service: string, environment: string, verdicts: readonly string[], next: string): string {
  const isFailure = (text: string) => text.startsWith("FAILED: ")
  return `${[
    line(`Tollgate ${version} · ledger verify · ${service} · ${environment}`),
    "",
    ...[...verdicts.filter((text) => !isFailure(text)), next, ...verdicts.filter(isFailure)]
      .filter((text) => text !== "")
      .flatMap((text) => wrapWords(safe(text), screenColumns)),
  ].join("\n")}\n`
}

/** Result of `unlock`. */
export function unlockScreen(held: LeaseHolder, reason: string): string {
  const { environment, run, owner, command, who, takenAt, heartbeatAt } = held
  return `${[
    line(`Tollgate ${version} · unlock · ${environment}`),
    "",
    line(`held by: ${command} by ${who}, run ${run}, on ${owner}`),
    line(`since ${moment(takenAt)}, last heartbeat at ${heartbeatAt.slice(11, 19)} UTC`),
    line(`recorded reason: ${reason}`),
    "",
    line(`UNLOCKED: ${environment}; if that run is still active, it stops before its next step`),
  ].join("\n")}\n`
}

/** Result of `unlock --raise`. */
export function raiseScreen(environment: string, { from, to }: { from: number; to: number }, reason: string): string {
  const last =
    from === to
      ? `UNCHANGED: the leases of ${environment} are above ${from} already`
      : `RAISED: the next lease of ${environment} is ${to + 1}; the last one before was ${from}`
  return `${[line(`Tollgate ${version} · unlock · ${environment}`), "", line(`${from === to ? "" : "recorded "}reason: ${reason}`), "", line(last)].join("\n")}\n`
}
