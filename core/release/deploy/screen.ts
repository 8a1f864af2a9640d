import { alignColumns, fit, wrapWords } from "../../presentation/columns.js"
import { line, roomForCauses, safe, screenColumns, screenLines } from "../../presentation/screen.js"
import { duration, shortDigest } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import type { ReleaseResult } from "./result.js"

/** The screen of a deployment or a rollback: steps, causes, what is serving now. */
export function releaseScreen(result: ReleaseResult): string {
  const { action, service, environment, target, release } = result
  const head = [
    line(
      `Tollgate ${version} · ${action} · ${service} · ${environment}${target === environment ? "" : ` (${target})`} · release ${release}`,
    ),
    "",
  ]
  const rows = result.steps.map(({ name, outcome, seconds, note }) => [
    safe(name),
    outcome === "failed" ? "FAILED" : outcome,
    duration(seconds),
    safe(note),
  ])
  const table = alignColumns(rows, ["left", "left", "right", "left"]).map((row) => fit(row, screenColumns))
  const foot = [
    ...(result.ledgerHead === null ? [] : [line(`ledger head ${result.ledgerHead}`)]),
    ...result.warnings.flatMap((warning) => wrapWords(safe(`warning: ${warning}`), screenColumns)),
    ...wrapWords(safe(result.next), screenColumns),
    verdict(result),
  ]
  const room = screenLines - head.length - table.length - foot.length - 2
  const causes = result.causes.flatMap((cause, index) =>
    cause
      .split("\n")
      .filter((text) => text.trim() !== "")
      .flatMap((text, at) =>
        wrapWords(safe(at === 0 ? `cause ${index + 1}: ${text}` : text), screenColumns - 2).map((row, part) =>
          part === 0 ? row : `  ${row}`,
        ),
      ),
  )
  const printed =
    result.printed.length === 0 ? [] : ["last log lines:", ...result.printed.map((text) => line(`  ${text}`))]
  const body = [...upTo(roomForCauses(room - Math.min(printed.length, 6)), causes), ...printed].slice(
    0,
    roomForCauses(room),
  )
  return `${[...head, ...table, ...(body.length === 0 ? [] : ["", ...body]), "", ...foot].join("\n")}\n`
}

/** The last of the lines says how many are left out. */
function upTo(room: number, lines: string[]): string[] {
  if (lines.length <= room) return lines
  return [...lines.slice(0, room - 1), `  and ${lines.length - room + 1} more lines; --json prints all of them`]
}

function verdict({
  outcome,
  action,
  environment,
  service,
  version: wanted,
  release,
  digest,
  serving,
  seconds,
  waiting,
  planId,
}: ReleaseResult): string {
  const image = digest === "" ? "" : ` (${shortDigest(digest)})`
  const now = serving === null ? "nothing is serving" : `${serving.version} (${shortDigest(serving.digest)}) is serving`
  if (waiting)
    // whole: the plan's id is what approvers compare
    return safe(
      `WAITING: ${wanted} needs approvals of plan ${planId ?? ""} for ${environment}; ${serving === null ? "nothing has been deployed there" : now}`,
    )
  switch (outcome) {
    case "live":
      return line(
        `${action === "rollback" ? "ROLLED BACK" : "LIVE"}: ${service} ${wanted}${image} is serving in ${environment}, after ${duration(seconds)}`,
      )
    case "refused":
      return line(
        `FAILED: nothing was changed in ${environment}; ${serving === null ? "nothing has been deployed there" : now}`,
      )
    case "failed":
      return line(
        action === "rollback"
          ? `FAILED: ${environment} was not rolled back to ${wanted}; ${now}`
          : `FAILED: ${wanted} was not deployed to ${environment}; ${serving === null ? "nothing has been deployed there" : now}`,
      )
    case "rolled-back":
      return line(`ROLLED BACK: ${wanted} failed in ${environment}; ${now}`)
    case "interrupted":
      return line(`INTERRUPTED: this run no longer holds ${environment}; it left release ${release} as it is`)
    case "broken":
      return line(
        serving?.release === release
          ? `BROKEN: ${environment}: ${now}, although it did not pass; there is no earlier release`
          : `BROKEN: ${environment}: ${now}`,
      )
  }
}
