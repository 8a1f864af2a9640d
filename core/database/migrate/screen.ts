import { alignColumns, fit, wrapWords } from "../../presentation/columns.js"
import { line, safe, screenColumns, screenLines } from "../../presentation/screen.js"
import { count, duration } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import type { MigrationOutcome, MigrationResult } from "./migration-result.js"
import { revisionName } from "./validate.js"

/** One screen for a terminal or a CI log: what was done, step by step; why it failed, and where everything is now. */
export function migrationScreen(result: MigrationResult, { report }: { report: string }): string {
  const { environment, database, run, from, target, pending, outcome, warnings } = result
  const head = [
    line(`Tollgate ${version} · migrate · ${environment} · database ${database} · run ${run}`),
    line(`from ${revisionName(from)} to ${revisionName(target)}: ${count(pending.length, "revision")}`),
    "",
    ...steps(result),
  ]
  const foot = ["", ...where(result), line(`full report: ${report}`), "", line(verdict(result))]
  const why = [
    ...explain(outcome),
    ...warnings.flatMap((warning) => wrapWords(safe(`warning: ${warning}`), screenColumns, MOST_LINES)),
  ]
  const room = Math.max(3, screenLines - head.length - foot.length - 1)
  const shown = why.length > room ? [...why.slice(0, room - 1), `and ${why.length - room + 1} more lines`] : why
  return `${[...head, ...(shown.length > 0 ? ["", ...shown] : []), ...foot].join("\n")}\n`
}

/** Of one cause: a longer one is read in the report. */
const MOST_LINES = 12

function steps({ steps: records }: MigrationResult): string[] {
  const rows = records.map(({ name, status, seconds, note }) => [
    safe(name),
    status === "done" ? duration(seconds) : "FAILED",
    safe(note),
  ])
  return alignColumns(rows, ["left", "right", "left"]).map((row) => fit(row, screenColumns))
}

function explain(outcome: MigrationOutcome): string[] {
  switch (outcome.kind) {
    case "migrated":
    case "up-to-date":
      return []
    case "refused":
      return causes(`Why it failed (${outcome.step})`, outcome.causes)
    case "undone":
      return [
        ...causes(`Why it failed (${outcome.step})`, outcome.causes),
        ...causes("How it was undone", [`${wayName(outcome.way)}: ${outcome.why}`]),
      ]
    case "asks":
      return [
        ...causes(`Why it failed (${outcome.step})`, outcome.causes),
        ...causes("What a restore would lose", [outcome.question]),
        "  An operator must decide: follow docs/runbook-migration-failed.md.",
      ]
    case "not-undone":
      return [
        ...causes(`Why it failed (${outcome.step})`, outcome.causes),
        ...causes("Why it could not be undone", outcome.undoCauses),
      ]
  }
}

function causes(title: string, texts: readonly string[]): string[] {
  return [
    line(title),
    ...texts
      .flatMap((text) => text.split("\n"))
      .filter((text) => text.trim() !== "")
      .flatMap((text) => wrapWords(safe(text), screenColumns - 2, MOST_LINES).map((part) => `  ${part}`)),
  ]
}

function wayName(way: "nothing" | "downgrade" | "restore"): string {
  return { nothing: "nothing to undo", downgrade: "downgrade", restore: "restored the backup" }[way]
}

function where({ backup, store, setAside, lost, rehearsed }: MigrationResult): string[] {
  return [
    ...(rehearsed === null
      ? []
      : [
          line(
            `to undo it: ${rehearsed.downgrade.kind === "proven" ? "a downgrade, as rehearsed" : `a restore of the backup (${rehearsed.downgrade.why})`}`,
          ),
        ]),
    backup === null
      ? "backup: none"
      : line(`${backup.tested ? "backup" : "backup, never restored"}: ${backup.name} in ${store}`),
    ...(setAside === null
      ? []
      : [
          line(
            `previous database: kept as ${setAside}, with ${count(lost, "row")} that the restored one does not have`,
          ),
        ]),
  ]
}

/** The last line of every report: its first word is what matters. */
export function verdict({ outcome, target, from, pending, backup }: MigrationResult): string {
  switch (outcome.kind) {
    case "migrated":
      return `MIGRATED: ${count(pending.length, "revision")}, now at ${revisionName(target)}`
    case "up-to-date":
      return `UP TO DATE: the database is at ${revisionName(from)}`
    case "refused":
      return "FAILED: nothing was changed"
    case "undone":
      return `FAILED: the migration was undone; the database is at ${revisionName(from)} and valid`
    case "asks":
      return `FAILED: the migration was not undone: restoring would lose rows; backup ${backup?.name ?? "none"}`
    case "not-undone":
      return `FAILED: the migration failed, and undoing it failed; backup ${backup?.name ?? "none"}`
  }
}
