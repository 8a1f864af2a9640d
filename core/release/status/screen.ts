import type { ReleaseRecord } from "../../ledger/ledger.js"
import { alignColumns, fit } from "../../presentation/columns.js"
import { line, safe, screenColumns, screenLines } from "../../presentation/screen.js"
import { moment, shortDigest } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import { fenceWords } from "../../targets/fence.js"
import type { Instance, Running } from "../../targets/target.js"

export interface TargetStatus {
  readonly service: string
  readonly environment: string
  readonly target: string
  readonly running: Running
  /** The newest first; null: no ledger, or it is unreachable. */
  readonly history: readonly ReleaseRecord[] | null
  readonly ledgerProblem: string
  /** Reviews of break-glass that no second person has closed. */
  readonly reviews: readonly string[]
}

/** The screen of status: releases read from the target, and the latest history. */
export function targetScreen({
  service,
  environment,
  target,
  running,
  history,
  ledgerProblem,
  reviews,
}: TargetStatus): string {
  const head = [
    line(`Tollgate ${version} · status · ${service} · ${environment}${target === environment ? "" : ` (${target})`}`),
    "",
  ]
  const rows = rowsOf(running).map((row) => row.map((cell) => safe(cell)))
  const there =
    rows.length === 0
      ? ["nothing has been deployed there"]
      : table([["", "release", "version", "image", "containers", "switched at"], ...rows])
  const proxies = running.places.map(({ place, proxy }) =>
    line(
      `${place}: proxy ${proxy.kind === "running" ? proxy.version : proxy.kind === "down" ? `DOWN: ${proxy.why}` : "not there"}`,
    ),
  )
  const maintenance =
    running.maintenance.kind === "on"
      ? [line(`MAINTENANCE: every request is answered 503: ${running.maintenance.message}`)]
      : []
  const claimed = running.claimed === null ? [] : [line(`claimed last: ${fenceWords(running.claimed)}`)]
  const records =
    history === null
      ? [line(`history: not read: ${ledgerProblem}`)]
      : history.length === 0
        ? ["history: none"]
        : [
            "history:",
            ...table(
              history
                .slice(0, 8)
                .map(({ startedAt, id, action, outcome, version: name, digest, who, causes, why }) => [
                  `  ${moment(startedAt)}`,
                  safe(id),
                  action,
                  outcome === "live" || outcome === "running" ? outcome : outcome.toUpperCase(),
                  safe(name ?? "–"),
                  shortDigest(digest),
                  line(who, 14),
                  safe(causes[0] ?? why),
                ]),
            ),
          ]
  const wrong = [...(history === null || ledgerProblem === "" ? [] : [ledgerProblem]), ...reviews].map((text) =>
    line(text),
  )
  return `${[...head, ...there, "", ...proxies, ...claimed, ...maintenance, "", ...records, ...wrong, "", verdict(running, environment, history)].slice(-screenLines).join("\n")}\n`
}

function rowsOf({ live, retained, candidates }: Running): string[][] {
  const current =
    live.kind === "live"
      ? [row("live", live.instance)]
      : live.kind === "split"
        ? live.instances.map((one) => row("SPLIT", one))
        : []
  return [...current, ...retained.map((one) => row("retained", one)), ...candidates.map((one) => row("candidate", one))]
}

function row(state: string, { release, version: name, digest, replicas, switchedAt }: Instance): string[] {
  const states = new Map<string, number>()
  for (const { process, state: one } of replicas) {
    const words = one.kind === "running" ? (one.check === "unhealthy" ? "UNHEALTHY" : "up") : one.kind
    states.set(`${process} ${words}`, (states.get(`${process} ${words}`) ?? 0) + 1)
  }
  return [
    state,
    release,
    name,
    shortDigest(digest),
    [...states].map(([words, number]) => (number === 1 ? words : `${number} ${words}`)).join(", "),
    switchedAt === null ? "never" : moment(switchedAt),
  ]
}

function table(rows: string[][]): string[] {
  const columns = Math.max(...rows.map((one) => one.length))
  return alignColumns(
    rows,
    Array.from({ length: columns }, () => "left" as const),
  ).map((one) => fit(one, screenColumns))
}

/** A difference between ledger and target means a change outside of Tollgate, or a run that was killed. */
function verdict({ live }: Running, environment: string, history: TargetStatus["history"]): string {
  switch (live.kind) {
    case "none":
      return `EMPTY: no release of Tollgate is serving in ${environment}`
    case "split":
      return line(
        `FAILED: hosts of ${environment} serve different releases: ${live.at.map(({ place, release }) => `${place} ${release ?? "nothing"}`).join(", ")}`,
      )
    case "foreign":
      return line(`FAILED: ${live.place} sends its traffic to ${live.to}, which is not a release of Tollgate`)
    case "live": {
      const seen = history?.find(({ serving }) => serving !== null)?.serving ?? null
      const differs =
        seen === null || seen.digest === live.instance.digest ? "" : `; the ledger has ${shortDigest(seen.digest)}`
      return line(
        `LIVE: ${live.instance.version} (${shortDigest(live.instance.digest)}), release ${live.instance.release}${differs}`,
      )
    }
  }
}
