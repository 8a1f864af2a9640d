import { randomUUID } from "node:crypto"
import { type Container, ReturnType } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { step } from "../../shared/progress.js"
import { version } from "../../shared/version.js"
import type { Pending } from "../alembic/pending.js"
import type { Revision } from "../alembic/revision.js"
import { type CommandMigrations, problemOf } from "../commands/command-migrations.js"
import { effectsOf, lastError, lastingStatements } from "../commands/logged-statements.js"
import { pendingRevision, scriptOf, steadyScript } from "../commands/pending-commands.js"
import type { Reach } from "../connect/reach.js"
import { literal } from "../connect/session.js"
import type { Scratch } from "../copy/scratch.js"
import { type Description, examination, type Replayed } from "./answers.js"
import { copyScript, planTools } from "./copy.js"
import { planDigest } from "./digest.js"
import { readFacts, readMeasured } from "./facts.js"
import { copyFailed, factsOfCopies, lintVersion, preamble, withOptions } from "./gather.js"
import { judge } from "./judge.js"
import type { Evidence, MigrationPlan, RunningUse } from "./plan.js"
import { plannedRevision } from "./planned-revision.js"
import { judgeCommands } from "./rules/commands.js"

interface Planning {
  settings: Settings
  reach: Reach
  environment: string
  /** Digest of the app's files. */
  digest: string
}

/** Where the commands run, and their effect is noted. */
const RUN = "tollgate_replay"
/** How the copy notes it: what it is called is known later. */
const DONE = "migrate"
/** What the tool notes is asked of the tool. */
const NO_TABLE = { schema: null, name: "tollgate reads none" }
const RUNNING: RunningUse = { kind: "unknown", why: "models are only read from a service with alembic" }

/** What `migrate` of the app's tool would do, by what it does on a copy that has the schema and the tool's own tables. */
export async function planCommands(
  scratch: Scratch,
  migrations: CommandMigrations,
  { settings, reach, environment, digest }: Planning,
): Promise<MigrationPlan> {
  const current = await step("read the revision", () => migrations.revisionWithRows(scratch))
  const [books, facts] = [
    migrations.version,
    await step("read the database", () => readFacts(reach.inProcess, NO_TABLE)),
  ]
  const gathered = await step("run migrate on the copy", () =>
    gather(scratch, migrations, settings, current, facts.serverVersion),
  )
  const { heads, evidence, revision } = gathered
  const pending: Pending =
    revision === null
      ? { kind: "nothing" }
      : {
          kind: "pending",
          from: current.join("\n") || "base",
          to: heads.join("\n"),
          target: "head",
          revisions: [revision],
        }
  const description: Description = {
    error: null,
    revisions: [],
    heads,
    ends: heads,
    folder: null,
    warnings: [],
    environment: null,
  }
  const contract = revision?.revision.split(", ").every((one) => settings.database.contract.includes(one))
    ? [...settings.database.contract, revision.revision]
    : settings.database.contract
  const weighed = { ...settings, database: { ...settings.database, contract } }
  const { findings, verdict } = judge(
    {
      settings: weighed.database,
      description,
      current,
      pending,
      record: facts.record,
      evidence,
      tables: facts.tables,
      running: RUNNING,
    },
    revision === null ? [] : judgeCommands(revision, books.name),
  )
  return {
    tollgateVersion: version,
    app: settings.app.path,
    source: digest,
    environment,
    database: {
      name: facts.database,
      serverVersion: facts.serverVersion,
      copyVersion: evidence?.examined.serverVersion ?? null,
    },
    current,
    heads,
    revisions: revision === null ? [] : [plannedRevision(revision, evidence, facts, weighed)],
    script: evidence?.examined.script ?? null,
    sqlIsComplete: evidence === null ? null : true,
    findings,
    verdict,
    digest:
      revision === null || evidence === null
        ? null
        : planDigest(current.join("\n"), heads.join("\n"), [revision], steadyScript([evidence.examined.script])),
    estimate: revision === null ? null : await readMeasured(reach.inProcess, current, [revision]),
    running: RUNNING,
    madeAt: new Date().toISOString(),
  }
}

interface Gathered {
  heads: string[]
  /** null: nothing is pending. */
  revision: Revision | null
  evidence: Evidence | null
}

async function gather(
  scratch: Scratch,
  migrations: CommandMigrations,
  settings: Settings,
  current: string[],
  serverVersion: string,
): Promise<Gathered> {
  const { commands } = migrations.tool
  const tools = await (await planTools()).sync()
  const connected = scratch.server.asSuperuser(tools).withEnvVariable("TOLLGATE_NONCE", randomUUID())
  await setUpCopies(connected, scratch, settings)
  const note = (revision: string): string =>
    `INSERT INTO tollgate_watch.notes (version, catalog, lines, locks) VALUES (${literal(revision)}, tollgate_watch.catalog(), tollgate_watch.schema_lines(), '[]');`

  const { ran, log } = await migrations.on(scratch, commands.migrate, { database: RUN, more: note(DONE) })
  const ok = ran?.code === 0
  const heads = ok ? await migrations.revision(scratch, RUN) : []
  const lasting = lastingStatements(log.lines)
  if (ok && heads.join("\n") === current.join("\n") && effectsOf(lasting, migrations.books).statements === 0)
    return { heads, revision: null, evidence: null }
  const pieces = scriptOf(lasting, migrations.books)
  const revision = pendingRevision(commands, current, ok ? heads : null, pieces)
  const replayed: Replayed = { upgraded: ok ? [DONE] : [], downgraded: [], upgradeError: null, downgradeError: null }
  if (!ok)
    replayed.upgradeError = {
      at: revision.revision,
      message: problemOf("migrate", ran, lastError(log.lines)),
      revision: null,
      file: null,
      line: null,
    }
  else if (commands.rollback !== undefined) {
    const back = await migrations.on(scratch, commands.rollback, {
      database: RUN,
      variables: { TOLLGATE_REVISION: current.join("\n") },
      more: note("back"),
    })
    if (back.ran?.code === 0) replayed.downgraded.push(DONE)
    else
      replayed.downgradeError = {
        at: revision.revision,
        message: problemOf("rollback", back.ran, lastError(back.log.lines)),
        revision: null,
        file: null,
        line: null,
      }
  }
  const printed = { pieces: pieces.map((text) => ({ text, revision: revision.revision, line: null })), errors: [] }
  // what the log says is compared with nothing: it is what is judged
  const replay = { ...replayed, upgradeError: null }
  const question = {
    printed,
    replay,
    ranIn: RUN,
    versionTable: migrations.version.name,
    serverVersion: lintVersion(serverVersion),
    preamble: preamble(settings),
  }
  const asked = withOptions(connected, scratch)
    .withNewFile("/plan/question.json", JSON.stringify(question))
    .withExec(copyScript("examine", "/plan/question.json", "/plan/answer.json"), { expect: ReturnType.Any })
  if ((await asked.exitCode()) !== 0)
    throw copyFailed("examined", await asked.stderr(), "This is a bug in Tollgate: please open an issue with the log.")
  const examined = examination.parse(JSON.parse(await asked.file("/plan/answer.json").contents()))
  const named = <T extends { revision: string }>(all: T[]): T[] =>
    all.map((one) => ({ ...one, revision: revision.revision }))
  // nothing was printed that could differ from what ran
  const seen = {
    ...examined,
    upgraded: named(examined.upgraded),
    downgraded: named(examined.downgraded),
    comparison: { revisions: [], whilePrinting: [] },
  }
  return { heads, revision, evidence: { pending: [revision], tables: 0, printed, replayed, examined: seen } }
}

async function setUpCopies(tools: Container, scratch: Scratch, settings: Settings): Promise<void> {
  const facts = factsOfCopies(scratch, { versionTable: NO_TABLE.name, current: [] })
  const ran = withOptions(tools, scratch)
    .withNewFile("/plan/facts.json", JSON.stringify(facts))
    .withExec(copyScript("setup", "/plan/facts.json"), { expect: ReturnType.Any })
  if ((await ran.exitCode()) !== 0)
    throw copyFailed(
      "made",
      await ran.stderr(),
      `database.image of tollgate.yaml (${settings.database.image}) must have the extensions that the database uses.`,
    )
}
