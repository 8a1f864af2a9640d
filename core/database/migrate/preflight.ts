import type { Inspection } from "../alembic/alembic-account.js"
import { headsNotApart, howToMerge, unknownRevisions } from "../alembic/pending.js"
import type { Revision } from "../alembic/revision.js"
import type { OpenTransaction, ServerFacts } from "../connect/server.js"
import { type AppliedRecord, changedRevisions } from "../copy/hash-chain.js"

/** What is looked at before anything is done. Pure: every problem is found, not only the first. */
export interface Preflight {
  inspection: Inspection
  server: ServerFacts
  /** Major version of pg_dump in database.image. */
  clientMajor: number
  /** Free on the engine's disk, where backup and rehearsal go. */
  freeBytes: number
  long: readonly OpenTransaction[]
  record: AppliedRecord
  /** Sessions of others, by name; asked for in maintenance mode only. */
  others: readonly string[] | null
}

/** Those of the migration itself, the lock, the records, the snapshot, pg_dump. */
const CONNECTIONS = 5

export function judgePreflight(found: Preflight): { problems: string[]; warnings: string[] } {
  const { inspection, server, clientMajor, freeBytes, long, record, others } = found
  const problems = [
    ...judgeRevisions(inspection),
    ...judgeRecord(record, inspection.revisions),
    ...judgePrograms(clientMajor, server),
  ]
  const warnings: string[] = []
  if (clientMajor > server.major)
    warnings.push(`the rehearsal runs on Postgres ${clientMajor}, the server is ${server.major}`)
  if (server.connections + CONNECTIONS > server.maxConnections)
    problems.push(
      `${server.connections} of ${server.maxConnections} connections are in use; a migration needs ${CONNECTIONS}`,
    )
  // the dump, and the copy that is restored from it
  if (!(freeBytes >= server.bytes * 2))
    problems.push(
      `the engine's disk has ${megabytes(freeBytes)} free; backup and rehearsal of a database of ${megabytes(server.bytes)} may need ${megabytes(server.bytes * 2)}`,
    )
  if (!server.mayCreateDatabases || !server.owns)
    warnings.push(
      "the user may not create databases, or does not own this one: a failure that only the backup can undo must be restored by hand",
    )
  for (const { pid, name, user, seconds, state } of long)
    problems.push(
      pid === 0
        ? `the prepared transaction ${name} of ${user} has been open for ${Math.round(seconds)} s`
        : `process ${pid} (${name === "" ? "no name" : name}, user ${user}) has had a transaction open for ${Math.round(seconds)} s, ${state}: a migration would wait behind it, and the application behind the migration`,
    )
  if (others !== null && others.length > 0)
    problems.push(`--maintenance was given, but other sessions are connected: ${others.join(", ")}`)
  return { problems, warnings }
}

/** Known before anything is copied: without programs of the server's version there is no copy either. */
export function judgePrograms(clientMajor: number, server: Pick<ServerFacts, "major">): string[] {
  if (clientMajor >= server.major) return []
  return [
    `pg_dump of database.image is version ${clientMajor}, the server is ${server.major}: an older pg_dump cannot back up a newer server`,
  ]
}

function judgeRevisions({ heads, current, revisions }: Inspection): string[] {
  const strange = unknownRevisions(revisions, current)
  const unmerged = headsNotApart(revisions, heads)
  return [
    ...(unmerged.length > 0
      ? [`alembic has ${unmerged.length} heads: ${unmerged.join(", ")}; ${howToMerge(unmerged)}`]
      : []),
    ...(heads.length === 0 ? ["alembic has no revision"] : []),
    ...(strange.length > 0
      ? [`the database is newer than the code: it is at ${strange.join(", ")}, which this source does not have`]
      : []),
  ]
}

function judgeRecord(record: AppliedRecord, source: readonly Revision[]): string[] {
  return [
    ...(record.kind === "chain" && record.broken !== null
      ? [`the hash chain of applied revisions is broken: ${record.broken}; the schema tollgate was edited by hand`]
      : []),
    ...changedRevisions(record, source).map(
      ({ now }) =>
        `the revision ${now.revision} was applied here with other content than ${now.file} has now: restore the file, and write the change as a new revision`,
    ),
  ]
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}
