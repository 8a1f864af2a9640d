import { count } from "../../shared/figures.js"
import type { Inspected } from "../alembic/app-migrations.js"
import { backupPlaceWarning } from "../backup/backup-place.js"
import { clientFacts } from "../backup/programs.js"
import { askServer, endLeftOverMigrations, longTransactions, otherSessions } from "../connect/server.js"
import { type Migration, StepRefused } from "./migration.js"
import { judgePreflight, judgePrograms } from "./preflight.js"
import { appliedRecord } from "./records.js"

/** Everything that is known before the first change. Throws what is wrong, all of it. */
export async function preflight(migration: Migration): Promise<Inspected> {
  const { settings, steps, store, client, nonce, request, result } = migration
  const { session } = steps.lock
  const ended = await endLeftOverMigrations(session)
  if (ended > 0) result.warnings.push(`ended ${count(ended, "session")} of an earlier migration that was killed`)
  // whether the store can be reached at all is better known before a dump is made
  const [{ major, freeBytes }, server] = await Promise.all([
    clientFacts(store.work.attach(client), store.work.folder, nonce()),
    askServer(session),
    store.contents(nonce()),
  ])
  const unsuited = judgePrograms(major, server)
  if (unsuited.length > 0) throw new StepRefused(unsuited)
  const inspection = await inspect(migration)
  const { problems, warnings } = judgePreflight({
    inspection: inspection.version.foreign === true ? WITHOUT_REVISIONS : inspection,
    server,
    clientMajor: major,
    freeBytes,
    long: await longTransactions(session, settings.longTransaction),
    record: await appliedRecord(session),
    others: request.maintenance
      ? (await otherSessions(session)).map(({ name, user }) => (name === "" ? user : name))
      : null,
  })
  result.warnings.push(...warnings)
  if (settings.backup.encryptTo.length > 0 && request.identity === undefined)
    result.warnings.push("without --identity a failure that only the encrypted backup can undo is not undone")
  // a module cannot know whose engine it runs on: Dagger's own removes volumes
  if (request.entryPoint === "module" || request.volumesMayVanish === true)
    result.warnings.push(...backupPlaceWarning(settings.backup.to))
  if (problems.length > 0) throw new StepRefused(problems)
  return inspection
}

/** Only the tool knows what there is: nothing of it can be judged beforehand. */
const WITHOUT_REVISIONS = { heads: ["newest"], ends: [], revisions: [], pending: [], current: [] }

export async function inspect(migration: Migration): Promise<Inspected> {
  const inspected = await migration.alembic.lookAhead(await migration.starting, migration.reach)
  migration.version = inspected.version
  return inspected
}
