import type { Decision } from "./decision.js"
import { isInTests, namesIn, type RepositoryFiles, textOf } from "./repository.js"

/** Variables with the database's address in parts, each with its placeholder; none where the app reads a URL alone. */
export type DatabaseParts = Readonly<Record<string, string>>

export interface FoundParts extends Decision<DatabaseParts> {
  /** Only tests read it, and the service itself does not. */
  readonly byTests: boolean
}

const DATABASE = new Set(["DB", "DATABASE", "POSTGRES", "POSTGRESQL", "PG", "PSQL", "SQL"])

const PARTS: Readonly<Record<string, string>> = {
  HOST: "{host}",
  HOSTNAME: "{host}",
  SERVER: "{host}",
  ADDRESS: "{host}",
  PORT: "{port}",
  USER: "{user}",
  USERNAME: "{user}",
  PASSWORD: "{password}",
  PASS: "{password}",
  NAME: "{database}",
  DB: "{database}",
  DATABASE: "{database}",
  DBNAME: "{database}",
}

/** By the names that the code and its example of a .env mention, where one of them is a host. */
export function findDatabaseParts(files: RepositoryFiles, app: string, postgres: boolean): FoundParts {
  const none = { value: {}, why: "", byTests: false }
  if (!postgres) return none
  const paths = namesIn(files, app).filter((name) => READS.test(name))
  for (const path of [...paths.filter((one) => !isInTests(one)), ...paths.filter(isInTests)]) {
    const found = namesOf(textOf(files, app, path) ?? "")
    const host = [...found].find(([, placeholder]) => placeholder === "{host}")?.[0]
    if (host === undefined) continue
    // POSTGRES_HOST says nothing of a DB_NAME
    const prefix = host.slice(0, host.lastIndexOf("_") + 1)
    const own = [...found].filter(([name]) => name.startsWith(prefix) && !name.slice(prefix.length).includes("_"))
    return {
      value: Object.fromEntries(own),
      why: `${path} reads the database's address in parts`,
      byTests: isInTests(path),
    }
  }
  return none
}

const READS = /\.py$|(^|\/)(\.env\.(example|sample|template|dist)|(example|sample)\.env)$/

function namesOf(text: string): Map<string, string> {
  const names = new Set(text.match(/\b[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)+\b/g) ?? [])
  return new Map(
    [...names].flatMap((name) => {
      const words = name.split(/_+/)
      const placeholder = PARTS[words.at(-1) ?? ""]
      return placeholder !== undefined && words.slice(0, -1).some((word) => DATABASE.has(word))
        ? [[name, placeholder] as const]
        : []
    }),
  )
}
