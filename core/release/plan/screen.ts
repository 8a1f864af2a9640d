import { z } from "zod"
import type { ApprovalSettings } from "../../config/approvals.js"
import { alignColumns, fit, wrapWords } from "../../presentation/columns.js"
import { line, safe, screenColumns, screenLines } from "../../presentation/screen.js"
import { count, duration, moment, shortDigest } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import type { Plan } from "./plan.js"

/** The screen of a plan: changes, checks, expected duration, and the id to approve. */
export function planScreen(plan: Plan, approvals: ApprovalSettings): string {
  const head = [
    line(`Tollgate ${version} · plan · ${plan.service} · ${plan.environment} · ${moment(plan.createdAt)}`),
    "",
    ...image(plan),
    ...config(plan),
    ...bound(plan),
  ]
  const migrations = migrationLines(plan)
  const foot = [
    "",
    ...checks(plan),
    line(`expected duration: ${expected(plan)}`),
    line(`requires: ${approval(plan, approvals)}`),
    "",
    line(`PLAN: ${plan.id}`),
  ]
  const room = Math.max(4, screenLines - head.length - foot.length - 2)
  const commits = commitLines(plan)
  const forMigrations = folded(migrations, Math.max(2, room - Math.min(commits.length, room >> 1)))
  const body = [...forMigrations, ...folded(commits, room - forMigrations.length)]
  return `${[...head, ...(body.length === 0 ? [] : ["", ...body]), ...foot].join("\n")}\n`
}

/** The first lines, and the number of the others. */
function folded(lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines]
  return [...lines.slice(0, room - 1), `  … and ${lines.length - room + 1} more in plan.json`]
}

function image({ image: { now, next } }: Plan): string[] {
  const rows = [
    ["image now", now === null ? "nothing deployed yet" : `${shortDigest(now.digest)} ${now.reference}`],
    ["image next", `${shortDigest(next.digest)} ${next.reference}${now?.digest === next.digest ? " (unchanged)" : ""}`],
  ]
  return table(rows)
}

function config({ config: { added, removed, changed } }: Plan): string[] {
  const names = [...added.map((name) => `+ ${name}`), ...removed.map((name) => `- ${name}`)]
  const said =
    names.length > 0
      ? names.join(" ")
      : changed === null
        ? "previous configuration not known"
        : changed
          ? "same names; a value changed"
          : "unchanged"
  return table([["config", said]])
}

const processes = z.object({ processes: z.record(z.string(), z.object({ command: z.array(z.string()) })) })
const where = z.object({
  hosts: z.array(z.union([z.string(), z.object({ host: z.string(), port: z.int() })])),
  user: z.string().optional(),
})

/** What runs, where, and which parts of the settings differ from the live release's. */
function bound({ settings, settingsChanged }: Plan): string[] {
  const { web, ...workers } = processes.safeParse(settings["processes"]).data?.processes ?? {}
  const runs = [
    web === undefined ? "the image's own command" : web.command.join(" "),
    ...Object.entries(workers).map(([name, { command }]) => `${name}: ${command.join(" ")}`),
  ]
  const target = where.safeParse(settings["target"]).data
  const hosts = target?.hosts.map((one) =>
    typeof one === "string" ? one : `${one.host}${one.port === 22 ? "" : `:${one.port}`}`,
  )
  const changed = settingsChanged ?? []
  return [
    ["runs", runs.join("; ")] as const,
    [
      "where",
      hosts === undefined ? "sandbox" : `${hosts.join(", ")}${target?.user === undefined ? "" : ` as ${target.user}`}`,
    ] as const,
    ...(changed.length === 0
      ? []
      : [["changed", `settings that differ from the live release: ${changed.join(", ")}`] as const]),
  ].flatMap(([label, text]) =>
    // the end of a command must not be hidden by its length
    wrapWords(safe(text), screenColumns - LABEL, MOST_LINES).map(
      (part, index) => (index === 0 ? label : "").padEnd(LABEL) + part,
    ),
  )
}

const LABEL = 9
const MOST_LINES = 6

function migrationLines({ environment, migrations, migrationsKnown, commands }: Plan): string[] {
  const before = commands.map((command) => fit(`  runs before the start: ${safe(command)}`, screenColumns))
  if (!migrationsKnown)
    return [line(`migrations: skipped: environments.${environment}.migrations is "commands"`), ...before]
  if (migrations.length === 0) return [line("migrations: none"), ...before]
  return [
    line(`migrations: ${migrations.length}`),
    ...table(
      migrations.map(({ id, path, lint: { errors, warnings }, contracts }) => [
        `  ${id}`,
        path,
        errors > 0
          ? `FAILED: ${count(errors, "lint error")}`
          : warnings > 0
            ? count(warnings, "lint warning")
            : "lint ok",
        contracts ? "CONTRACTS: removes or narrows" : "",
      ]),
    ),
    ...before,
  ]
}

function commitLines({ commits }: Plan): string[] {
  if (commits.kind === "unknown") return [line(`commits: unknown: ${commits.why}`)]
  const { from, to, list, authors } = commits
  const range = from === "" ? `first release, up to ${to.slice(0, 12)}` : `${from.slice(0, 12)}..${to.slice(0, 12)}`
  return [
    line(`commits: ${list.length} (${range}) by ${authors.join(", ")}`),
    ...list.map(({ id, subject, author }) =>
      fit(`  ${safe(id).slice(0, 10)}  ${safe(subject)}  (${safe(author)})`, screenColumns),
    ),
  ]
}

function checks({ checks: list }: Plan): string[] {
  return [line(`checks: ${list.map(({ name }) => name).join(", ") || "none"}`)]
}

function expected({ expected: known }: Plan): string {
  return known === null
    ? "unknown: no successful deployment yet"
    : `about ${duration(known.seconds)}, from the last ${count(known.releases, "deployment")}`
}

function approval({ environment }: Plan, { required, keys }: ApprovalSettings): string {
  if (required === 0) return "no approval"
  return `${count(required, "approval")} of ${[...new Set(keys.map(({ name }) => name))].join(", ")} for ${environment}`
}

function table(rows: string[][]): string[] {
  const columns = Math.max(...rows.map((row) => row.length))
  return alignColumns(
    rows.map((row) => row.map(plain)),
    Array.from({ length: columns }, () => "left" as const),
  ).map((row) => fit(row, screenColumns))
}

/** Keeps the indent; makes text from Git or a file safe. */
function plain(cell: string): string {
  const [, indent = "", rest = ""] = /^(\s*)(.*)$/s.exec(cell) ?? []
  return indent + safe(rest)
}
