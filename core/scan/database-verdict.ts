import { z } from "zod"
import { moment } from "../shared/figures.js"
import type { Database, Reason, ReasonCode } from "./result.js"

/** Schema version of the database that Trivy 0.69 reads. */
const SCHEMA = 2

/** This machine's clock may run slightly behind the one that stamped the database. */
const TOLERANCE_HOURS = 1

const CORRECT_SETTING = "correct scan.database in tollgate.yaml"

const metadata = z.object({
  Version: z.number().int(),
  UpdatedAt: z.iso.datetime({ offset: true }),
})

export type DatabaseVerdict =
  | { kind: "ready"; database: Database }
  | { kind: "unusable"; database: Database; reason: Reason }

/**
 * Decides from metadata.json and the clock whether a downloaded database can be used.
 *
 * @param text contents of metadata.json; null if the file is missing
 */
export function judgeDatabase(
  repository: string,
  text: string | null,
  maxAgeHours: number,
  now: Date,
): DatabaseVerdict {
  const unknown = { repository, updatedAt: null, ageHours: null }
  const unreadable = (why: string) =>
    unusable(
      unknown,
      "database-unreadable",
      `${repository} is not a Trivy vulnerability database: ${why}`,
      CORRECT_SETTING,
    )
  if (text === null) return unreadable("metadata.json is missing")
  const parsed = metadata.safeParse(jsonOf(text))
  if (!parsed.success)
    return unreadable(`metadata.json is invalid (${parsed.error.issues[0]?.path.join(".") || "not JSON"})`)
  const { Version, UpdatedAt } = parsed.data
  const ageHours = (now.getTime() - Date.parse(UpdatedAt)) / 3_600_000
  const database = { repository, updatedAt: UpdatedAt, ageHours }
  if (Version !== SCHEMA)
    return unusable(
      database,
      "database-schema",
      `the database ${repository} has schema version ${Version}; Trivy 0.69 reads version ${SCHEMA}`,
      `use the tag with that version: …/trivy-db:${SCHEMA}`,
    )
  if (ageHours < -TOLERANCE_HOURS)
    return unusable(
      database,
      "database-ahead",
      `the database ${repository} has a build time in the future: ${moment(UpdatedAt)}`,
      "correct the clock of the engine's machine, or find out who built that database",
    )
  if (ageHours > maxAgeHours) {
    const message = `the database ${repository} is ${hours(ageHours)} old; scan.maxDatabaseAge is ${hours(maxAgeHours)}. It has no vulnerabilities published since`
    return unusable(database, "database-stale", message, staleHint(repository))
  }
  return { kind: "ready", database }
}

/** Why the download of a database failed, from Trivy's output. */
export function downloadProblem(repository: string, output: string): Reason {
  const last = lastError(output)
  const words = shorten(last)
  const kinds: [ReasonCode, RegExp, string, string][] = [
    [
      "database-missing",
      /MANIFEST_UNKNOWN|NAME_UNKNOWN|NAME_INVALID|manifest unknown|404 Not Found/i,
      "no vulnerability database at",
      CORRECT_SETTING,
    ],
    [
      "database-denied",
      /UNAUTHORIZED|DENIED|401|403|TOOMANYREQUESTS|429/i,
      "the registry denied access to",
      "mirror the database where no login is needed, and name the mirror in scan.database",
    ],
    [
      "database-unreadable",
      /media type|single layer|annotation|gzip|archive|metadata|unexpected EOF|decompress/i,
      "not a vulnerability database:",
      CORRECT_SETTING,
    ],
  ]
  const [code, , what, next] = kinds.find(([, pattern]) => pattern.test(last)) ?? [
    "database-unreachable" as const,
    null,
    "could not download the vulnerability database from",
    "make it reachable from the engine's machine, or name a mirror in scan.database",
  ]
  return { code, message: `${what} ${repository}: ${words}`, next }
}

/** Trivy's fatal error: one line, or one line and a list of everything it tried. */
function lastError(output: string): string {
  const at = Math.max(output.lastIndexOf("FATAL"), output.lastIndexOf("\tERROR"))
  const text = at < 0 ? (output.trim().split("\n").at(-1) ?? "") : output.slice(at)
  return text
    .replace(/^\s*(FATAL|ERROR)\s+(\[[^\]]*\]\s+)?/, "")
    .replace(/\s+/g, " ")
    .trim()
}

/** Trivy chains its errors; the cause is at the end. */
function shorten(text: string): string {
  const parts = text.split(/: (?=[^/])/)
  return parts.length <= 3 ? text : parts.slice(-3).join(": ")
}

function unusable(database: Database, code: ReasonCode, message: string, next: string): DatabaseVerdict {
  return { kind: "unusable", database, reason: { code, message, next } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The database that the engine without Docker publishes under this name. */
export function isSmallDatabase(repository: string): boolean {
  return repository.includes("tollgate/small-trivy-db")
}

function staleHint(repository: string): string {
  return isSmallDatabase(repository)
    ? "rebuild it with `npx tollgate engine up --with=trivy`"
    : "check the job that updates the mirror, then run again with --fresh"
}

export function hours(value: number): string {
  if (value < 1) return `${Math.max(0, Math.round(value * 60))} min`
  if (value < 48) return `${trimmed(value)} h`
  return `${trimmed(value / 24)} days`
}

function trimmed(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}
