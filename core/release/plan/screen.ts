import { alignColumns, fit } from "../../report/columns.js"
import { count, duration, moment, shortDigest } from "../../report/figures.js"
import { line, safe, screenColumns, screenLines } from "../../report/screen.js"
import { version } from "../../version.js"
import type { ApprovalSettings } from "../../config/approvals.js"
import type { Plan } from "./plan.js"

/** A plan as one screen: what would change, what is asked before, how long it takes, and the id that is approved. */
export function planScreen(plan: Plan, approvals: ApprovalSettings): string {
  const head = [
    line(`Tollgate ${version} · plan · ${plan.service} · ${plan.environment} · ${moment(plan.createdAt)}`),
    "",
    ...image(plan),
    ...config(plan),
  ]
  const migrations = migrationLines(plan)
  const foot = ["", ...checks(plan), line(`takes: ${expected(plan)}`), line(`asks for: ${approval(plan, approvals)}`), "", line(`PLAN: ${plan.id}`)]
  const room = Math.max(4, screenLines - head.length - foot.length - 2)
  const commits = commitLines(plan)
  const forMigrations = folded(migrations, Math.max(2, room - Math.min(commits.length, room >> 1)))
  const body = [...forMigrations, ...folded(commits, room - forMigrations.length)]
  return `${[...head, ...(body.length === 0 ? [] : ["", ...body]), ...foot].join("\n")}\n`
}

/** The first lines, and how many are left. */
function folded(lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines]
  return [...lines.slice(0, room - 1), `  … and ${lines.length - room + 1} more; plan.json has them`]
}

function image({ image: { now, next } }: Plan): string[] {
  const rows = [
    ["image now", now === null ? "nothing runs there yet" : `${shortDigest(now.digest)} ${now.reference}`],
    ["image next", `${shortDigest(next.digest)} ${next.reference}${now?.digest === next.digest ? " (the same)" : ""}`],
  ]
  return table(rows)
}

function config({ config: { added, removed, changed } }: Plan): string[] {
  const names = [...added.map((name) => `+ ${name}`), ...removed.map((name) => `- ${name}`)]
  const said = names.length > 0 ? names.join(" ") : changed === null ? "no earlier one is known" : changed ? "the same names; a value differs" : "the same"
  return table([["config", said]])
}

function migrationLines({ migrations, migrationsKnown, commands }: Plan): string[] {
  const before = commands.map((command) => fit(`  runs before the start: ${safe(command)}`, screenColumns))
  if (!migrationsKnown) return [line("migrations: not known: nobody looked at the database (environments.NAME.migrations)"), ...before]
  if (migrations.length === 0) return [line("migrations: none"), ...before]
  return [
    line(`migrations: ${migrations.length}`),
    ...table(
      migrations.map(({ id, path, lint: { errors, warnings }, contracts }) => [
        `  ${id}`,
        path,
        errors > 0 ? `RED: ${count(errors, "lint error")}` : warnings > 0 ? count(warnings, "lint warning") : "lint ok",
        contracts ? "CONTRACTS: removes or narrows" : "",
      ]),
    ),
    ...before,
  ]
}

function commitLines({ commits }: Plan): string[] {
  if (commits.kind === "unknown") return [line(`commits: not known: ${commits.why}`)]
  const { from, to, list } = commits
  return [line(`commits: ${list.length} (${from.slice(0, 12)}..${to.slice(0, 12)})`), ...list.map(({ id, subject, author }) => fit(`  ${safe(id).slice(0, 10)}  ${safe(subject)}  (${safe(author)})`, screenColumns))]
}

function checks({ checks: list }: Plan): string[] {
  return [line(`checks before: ${list.map(({ name }) => name).join(", ") || "none"}`)]
}

function expected({ expected: known }: Plan): string {
  return known === null ? "not known: no deployment there went well yet" : `about ${duration(known.seconds)}, as the last ${count(known.releases, "deployment")} did`
}

function approval({ environment }: Plan, { required, keys }: ApprovalSettings): string {
  if (required === 0) return "no approval"
  return `${count(required, "approval")} of ${[...new Set(keys.map(({ name }) => name))].join(", ")} for ${environment}`
}

function table(rows: string[][]): string[] {
  const columns = Math.max(...rows.map((row) => row.length))
  return alignColumns(rows.map((row) => row.map(plain)), Array.from({ length: columns }, () => "left" as const)).map((row) => fit(row, screenColumns))
}

/** What leads a row stays; what Git or a file said is made safe. */
function plain(cell: string): string {
  const [, indent = "", rest = ""] = /^(\s*)(.*)$/s.exec(cell) ?? []
  return indent + safe(rest)
}
