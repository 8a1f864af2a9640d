import { z } from "zod"
import { moment } from "../report/figures.js"
import type { Database, Reason, ReasonCode } from "./result.js"

/** The version of Trivy's database that Trivy 0.69 reads. */
const SCHEMA = 2

/** A clock may be a little behind the one that stamped the database. */
const TOLERANCE_HOURS = 1

const metadata = z.object({
  Version: z.number().int(),
  UpdatedAt: z.iso.datetime({ offset: true }),
})

export type DatabaseVerdict = { kind: "ready"; database: Database } | { kind: "red"; database: Database; reason: Reason }

/**
 * Judges a downloaded database by its own metadata.json and the clock.
 *
 * @param text contents of metadata.json; null: it is not there
 */
export function judgeDatabase(repository: string, text: string | null, maxAgeHours: number, now: Date): DatabaseVerdict {
  const unknown = { repository, updatedAt: null, ageHours: null }
  const unreadable = (why: string) => red(unknown, "database-unreadable", `what ${repository} holds is no vulnerability database of Trivy's: ${why}`)
  if (text === null) return unreadable("it has no metadata.json")
  const parsed = metadata.safeParse(jsonOf(text))
  if (!parsed.success) return unreadable(`its metadata.json cannot be read (${parsed.error.issues[0]?.path.join(".") || "no JSON"})`)
  const { Version, UpdatedAt } = parsed.data
  const ageHours = (now.getTime() - Date.parse(UpdatedAt)) / 3_600_000
  const database = { repository, updatedAt: UpdatedAt, ageHours }
  if (Version !== SCHEMA)
    return red(database, "database-schema", `the database of ${repository} has format ${Version}; Trivy 0.69 reads ${SCHEMA}`, `name the tag that has it: …/trivy-db:${SCHEMA}`)
  if (ageHours < -TOLERANCE_HOURS)
    return red(database, "database-ahead", `the database of ${repository} says that it was built on ${moment(UpdatedAt)}, which is yet to come`, "set the clock of the engine's machine, or look into who built that database")
  if (ageHours > maxAgeHours) {
    const message = `the database of ${repository} is ${hours(ageHours)} old; scan.maxDatabaseAge is ${hours(maxAgeHours)}. What was found since is unknown to it`
    return red(database, "database-stale", message, staleHint(repository))
  }
  return { kind: "ready", database }
}

/** Why a database could not be downloaded, from what Trivy said of it. */
export function downloadProblem(repository: string, said: string): Reason {
  const last = lastError(said)
  const words = shorten(last)
  const kinds: [ReasonCode, RegExp, string, string][] = [
    ["database-missing", /MANIFEST_UNKNOWN|NAME_UNKNOWN|NAME_INVALID|manifest unknown|404 Not Found/i, "there is no vulnerability database at", "correct scan.database of tollgate.yaml"],
    ["database-denied", /UNAUTHORIZED|DENIED|401|403|TOOMANYREQUESTS|429/i, "the registry refuses to hand out", "mirror it where no login is needed, and name the mirror in scan.database"],
    ["database-unreadable", /media type|single layer|annotation|gzip|archive|metadata|unexpected EOF|decompress/i, "there is something else than a vulnerability database at", "correct scan.database of tollgate.yaml"],
  ]
  const [code, , what, next] = kinds.find(([, pattern]) => pattern.test(last)) ?? [
    "database-unreachable" as const, null, "no vulnerability database can be downloaded from",
    "see that the engine's machine reaches it, or name a mirror in scan.database",
  ]
  return { code, message: `${what} ${repository}: ${words}`, next }
}

/** What Trivy ended with: one line, or one and a list of all that was tried. */
function lastError(said: string): string {
  const at = Math.max(said.lastIndexOf("FATAL"), said.lastIndexOf("\tERROR"))
  const text = at < 0 ? (said.trim().split("\n").at(-1) ?? "") : said.slice(at)
  return text.replace(/^\s*(FATAL|ERROR)\s+(\[[^\]]*\]\s+)?/, "").replace(/\s+/g, " ").trim()
}

/** Trivy's errors are chains; what happened stands at their end. */
function shorten(text: string): string {
  const parts = text.split(/: (?=[^/])/)
  return parts.length <= 3 ? text : parts.slice(-3).join(": ")
}

function red(database: Database, code: ReasonCode, message: string, next = ""): DatabaseVerdict {
  return { kind: "red", database, reason: { code, message, next } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The one that the engine without Docker serves; its name is part of what the engine publishes. */
export function isSmallDatabase(repository: string): boolean {
  return repository.includes("tollgate/small-trivy-db")
}

function staleHint(repository: string): string {
  return isSmallDatabase(repository)
    ? "`npx tollgate engine up --with=trivy` writes it anew"
    : "see why the mirror was not updated; --fresh asks again"
}

export function hours(value: number): string {
  if (value < 1) return `${Math.max(0, Math.round(value * 60))} min`
  if (value < 48) return `${trimmed(value)} h`
  return `${trimmed(value / 24)} days`
}

function trimmed(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}
