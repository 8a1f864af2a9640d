import { alignColumns, fit, wrapWords } from "../../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines as screen } from "../../presentation/screen.js"
import { count, shortDigest } from "../../shared/figures.js"
import { blocksApp, keepsOut, modeName } from "./locks.js"
import type { Finding, MigrationPlan } from "./plan.js"
import {
  amount,
  counted,
  estimateWords,
  placeOf,
  revisionLocks,
  rowsOf,
  sizeOf,
  tableName,
  verdictLine,
  way,
} from "./words.js"

const MOST_REVISIONS = 6
const MOST_LOCKS = 5

/** One screen for a terminal or a CI log: what would run, what it would lock, and first of all what is wrong with it. */
export function screenOf(plan: MigrationPlan, where: { report: string }): string {
  const head = [...header(plan), ...revisionTable(plan), ...lockTable(plan)]
  const foot = ["", fit(`Full report: ${safe(where.report)}`, columns), "", line(verdictLine(plan))]
  return `${[...head, ...findingLines(plan, screen - head.length - foot.length), ...foot].join("\n")}\n`
}

function header(plan: MigrationPlan): string[] {
  const { database } = plan
  const title = `Tollgate ${plan.tollgateVersion} · ${plan.app} · source ${shortDigest(plan.source)}`
  const lines = [
    line(title),
    line(`${plan.environment}: database ${database.name}, Postgres ${database.serverVersion}, ${way(plan)}`),
  ]
  if (plan.digest !== null) lines.push(line(`plan ${shortDigest(plan.digest)}: ${amount(plan)}; nothing was changed`))
  return lines
}

function revisionTable(plan: MigrationPlan): string[] {
  const { revisions } = plan
  if (revisions.length === 0) return []
  const shown = revisions.slice(0, MOST_REVISIONS)
  const rows = shown.map(({ revision, statements, contract, notPrinted, message }) => [
    line(revision, 14),
    notPrinted.length > 0 ? `${statements.length}+` : String(statements.length),
    contract ? "contract" : "",
    line(message, 70),
  ])
  const table = alignColumns(
    [["revision", "statements", "phase", "message"], ...rows],
    ["left", "right", "left", "left"],
  ).map((row) => fit(row, columns))
  const hidden = revisions.length - shown.length
  return [
    "",
    ...table,
    ...(hidden > 0 ? [`and ${hidden} more in the report`] : []),
    line(`time: ${estimateWords(plan)}`),
  ]
}

function lockTable({ revisions }: MigrationPlan): string[] {
  const locks = revisions.flatMap((revision) =>
    revisionLocks(revision)
      .filter(({ mode }) => blocksApp(mode))
      .map((lock) => ({ revision: revision.revision, lock })),
  )
  if (revisions.length === 0) return []
  if (locks.length === 0) return ["", "No table that is there now is locked against the app's reads or writes."]
  const largest = [...locks].sort((one, other) => (other.lock.facts?.rows ?? 0) - (one.lock.facts?.rows ?? 0))
  const rows = largest
    .slice(0, MOST_LOCKS)
    .map(({ revision, lock }) => [
      line(revision, 14),
      line(tableName(lock), 30),
      rowsOf(lock.facts),
      sizeOf(lock.facts),
      `${modeName(lock.mode)}: ${keepsOut(lock.mode)} wait`,
    ])
  const table = alignColumns(rows, ["left", "left", "right", "right", "left"]).map((row) => fit(`  ${row}`, columns))
  const hidden = locks.length - rows.length
  return [
    "",
    "Locks that the app would wait for, until the revision's end",
    ...table,
    ...(hidden > 0 ? [`  and ${hidden} more in the report`] : []),
  ]
}

/** Errors first; notes and what is accepted are counted alone. As many as the rest of the screen holds, errors in any case. */
function findingLines({ findings }: MigrationPlan, room: number): string[] {
  const notes = counted(findings, "note")
  const accepted = findings.filter((finding) => finding.accepted !== null).length
  const asides = [
    ...(notes > 0 ? [count(notes, "note")] : []),
    ...(accepted > 0 ? [`${count(accepted, "finding")} accepted in tollgate.yaml`] : []),
  ]
  const aside = asides.length === 0 ? [] : [`  and in the report: ${asides.join(", ")}`]
  const told = findings.filter((finding) => finding.severity !== "note" && finding.accepted === null)
  if (told.length === 0) return aside.length === 0 ? [] : ["", "Findings", ...aside]
  const single = told.map((one) => [one])
  const alike = groupsOf(told)
  const head = ["", "Findings"]
  // a cause is cut only where there is no room for all of them
  for (const [groups, longest] of [
    [single, MOST_LINES],
    [alike, MOST_LINES],
    [alike, 2],
  ] as const) {
    const lines = [...head, ...groups.flatMap((group) => groupBlock(group, longest)), ...aside]
    if (lines.length <= room) return lines
  }
  const least = Math.max(1, Math.min(4, alike.filter(([first]) => first?.severity === "error").length))
  const blocks = alike.map((group) => groupBlock(group, 2))
  for (let shown = blocks.length - 1; ; shown -= 1) {
    const hidden = alike.slice(shown).flat().length
    const lines = [
      ...head,
      ...blocks.slice(0, shown).flat(),
      ...(hidden > 0 ? [`  and ${hidden} more in the report`] : []),
      ...aside,
    ]
    if (lines.length <= room || shown <= least) return lines
  }
}

function groupsOf(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>()
  for (const one of findings) {
    const key = `${one.severity} ${one.code}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => (group.length > FEW ? [group] : group.map((one) => [one])))
}

/** So many of one kind are shown each by itself. */
const FEW = 3
const MOST_LINES = 12

/** Many findings of one kind have one cause: the first is shown, and where the others are. */
function groupBlock(alike: readonly Finding[], longest: number): string[] {
  const [first, ...others] = alike
  if (first === undefined) return []
  const places = [...new Set(others.map(({ revision }) => revision ?? ""))].filter((name) => name !== "")
  const where =
    places.length === 0
      ? ""
      : `: ${places.slice(0, 4).join(", ")}${places.length > 4 ? ` and ${places.length - 4} more revisions` : ""}`
  return [
    ...findingBlock(first, longest),
    ...(others.length === 0 ? [] : [fit(`      and ${others.length} more ${first.code}${safe(where)}`, columns)]),
  ]
}

function findingBlock(finding: Finding, longest: number): string[] {
  const title = [finding.severity === "error" ? "ERROR" : "warning", finding.code, placeOf(finding)]
    .filter((part) => part !== "")
    .join("  ")
  const lines = finding.severity === "error" ? longest : 2
  return [
    fit(`  ${safe(title)}`, columns),
    ...wrapWords(safe(finding.message), columns - 6, lines).map((text) => `      ${text}`),
  ]
}
