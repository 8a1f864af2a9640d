import { randomUUID } from "node:crypto"
import { type Container, dag, ReturnType } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../errors.js"
import { step } from "../../progress.js"
import { quotedTail } from "../../quoted-tail.js"
import { clip } from "../../report/plain-text.js"
import type { Pending } from "../pending.js"
import type { Reach } from "../reach.js"
import { type Description, examination, idle, printed, type Replayed, replayed } from "./answers.js"
import { askAlembic } from "./ask-alembic.js"
import { COPY_HOST, COPY_PASSWORD, copyScript, copyServer, planTools, withCopy } from "./copy.js"
import type { DatabaseFacts } from "./facts.js"
import type { Evidence } from "./plan.js"

interface Gathering {
  settings: Settings
  app: Container
  reach: Reach
  description: Description
  facts: DatabaseFacts
  pending: Extract<Pending, { kind: "pending" }>
}

/** Runs the pending revisions on an empty copy of the schema, and everything they print, and notes what the server saw. */
export async function gatherEvidence(gathering: Gathering): Promise<Evidence> {
  const { settings, reach, pending, facts, description } = gathering
  const nonce = randomUUID()
  const [schema, tools] = await Promise.all([
    step("read the schema", () => dumpSchema(settings, reach, nonce)),
    step("prepare tools", async () => (await planTools()).sync()),
  ])
  const server = copyServer(settings.database.image, nonce)
  try {
    const connected = withCopy(tools, server, nonce)
    await step("copy the schema", () => setUp(connected, schema, settings, facts, description))
    const app = (database: string): Container =>
      reach
        .onService((container) => container.withServiceBinding(COPY_HOST, server), COPY_HOST, { user: facts.user, password: COPY_PASSWORD, database })
        .inContainer(gathering.app)
        .withEnvVariable("TOLLGATE_NONCE", nonce)
    const steps = JSON.stringify(replaySteps(gathering))
    const [print, , replay] = await step("run alembic on the copy", () =>
      Promise.all([
        askAlembic(app("tollgate_print"), settings, ["print", steps], printed),
        askAlembic(app("tollgate_idle"), settings, ["idle"], idle),
        askAlembic(app("tollgate_replay"), settings, ["replay", steps], replayed).then((ran) => oneByOne(ran, () => askAlembic(app("tollgate_steps"), settings, ["steps", steps], replayed))),
      ]),
    )
    const question = {
      printed: "/plan/printed.json",
      replay: "/plan/replay.json",
      ranIn: replay.database,
      versionTable: description.environment?.table ?? "alembic_version",
      serverVersion: lintVersion(facts.serverVersion),
      preamble: preamble(settings),
    }
    const asked = connected
      .withNewFile("/plan/printed.json", JSON.stringify(print))
      .withNewFile("/plan/replay.json", JSON.stringify(replay.ran))
      .withNewFile("/plan/question.json", JSON.stringify(question))
      .withExec(copyScript("examine", "/plan/question.json", "/plan/answer.json"), { expect: ReturnType.Any })
    const examined = await step("examine each statement", async () => {
      if ((await asked.exitCode()) !== 0) throw copyFailed("examined", await asked.stderr(), "This is a fault of Tollgate.")
      return examination.parse(JSON.parse(await asked.file("/plan/answer.json").contents()))
    })
    return { pending: pending.revisions, printed: print, replayed: replay.judged, examined }
  } finally {
    // it ends by itself soon after its last client: that it could not be ended early must not hide an error
    await server.stop({ kill: true }).catch(() => undefined)
  }
}

/** The time-outs under which `migrate` runs every statement: what sets them already is not missing them. */
function preamble({ database }: Settings): string {
  return `SET lock_timeout = '${database.lockTimeout}s';\nSET statement_timeout = '${database.statementTimeout}s';\n`
}

/** Squawk wants major and minor. */
function lintVersion(version: string): string {
  const [major = "15", minor = "0"] = version.split(".")
  return `${Number.parseInt(major, 10)}.${Number.parseInt(minor, 10) || 0}`
}

interface Ran {
  /** What the copy saw. */
  ran: Replayed
  database: "tollgate_replay" | "tollgate_steps"
  /** What is judged: the upgrade as a whole, in its own transactions. */
  judged: Replayed
}

/** A failure rolls back what came before it in the same transaction: that is seen when the revisions run one by one. */
async function oneByOne(whole: Replayed, again: () => Promise<Replayed>): Promise<Ran> {
  if (whole.upgradeError === null) return { ran: whole, database: "tollgate_replay", judged: whole }
  const ran = await again()
  if (ran.upgradeError !== null) return { ran, database: "tollgate_steps", judged: ran }
  const message = `${whole.upgradeError.message}\nEach revision works in a transaction of its own; env.py runs them all in one.`
  return { ran, database: "tollgate_steps", judged: { ...ran, upgradeError: { ...whole.upgradeError, message } } }
}

/** Down again only where there is one way down: at a merge there are several. */
function replaySteps({ pending, facts }: Gathering): { from: string[]; target: string; steps: { revision: string; down: string | null }[] } {
  const linear = pending.target === "head" && facts.current.length <= 1 && pending.revisions.every(({ down, dependsOn }) => down.length <= 1 && dependsOn.length === 0)
  return { from: facts.current, target: pending.target, steps: pending.revisions.map(({ revision, down }) => ({ revision, down: linear ? (down[0] ?? "base") : null })) }
}

/** pg_dump reads in a read-only transaction of its own; the session is told to refuse writes besides. */
async function dumpSchema(settings: Settings, reach: Reach, nonce: string): Promise<string> {
  const dump = reach
    .inContainer(dag.container().from(settings.database.image))
    .withEnvVariable("PGOPTIONS", "-c default_transaction_read_only=on -c statement_timeout=120s")
    .withEnvVariable("TOLLGATE_NONCE", nonce)
    .withExec(
      ["pg_dump", "--schema-only", "--exclude-schema=tollgate", "--no-tablespaces", "--no-publications", "--no-subscriptions", "--lock-wait-timeout=10s", "--file=/tmp/schema.sql"],
      { expect: ReturnType.Any },
    )
  if ((await dump.exitCode()) === 0) return dump.file("/tmp/schema.sql").contents()
  const said = reach.redact(await dump.stderr()).trim()
  const tail = clip(said, 2000).split("\n").map((line) => `  | ${line}`)
  throw new TollgateError(
    "schema-unread",
    ["pg_dump could not read the database's schema.", "", ...tail].join("\n"),
    /server version mismatch/.test(said)
      ? "database.image of tollgate.yaml must hold the server's major version, or a newer one."
      : "Nothing was changed. The user needs SELECT on every table: pg_dump locks each for a moment in ACCESS SHARE mode, as any query does.",
  )
}

async function setUp(tools: Container, schema: string, settings: Settings, facts: DatabaseFacts, description: Description): Promise<void> {
  const given = {
    database: facts.database,
    user: facts.user,
    roles: facts.roles,
    searchPath: facts.searchPath,
    current: facts.current,
    versionSchema: description.environment?.schema ?? null,
    versionTable: description.environment?.table ?? "alembic_version",
  }
  const ran = tools
    .withEnvVariable("PGUSER", "postgres")
    .withNewFile("/plan/facts.json", JSON.stringify(given))
    .withNewFile("/plan/schema.sql", schema)
    .withExec(copyScript("setup", "/plan/facts.json", "/plan/schema.sql"), { expect: ReturnType.Any })
  if ((await ran.exitCode()) !== 0) throw copyFailed("made", await ran.stderr(), `database.image of tollgate.yaml (${settings.database.image}) must have the extensions that the database uses.`)
}

function copyFailed(what: string, output: string, next: string): TollgateError {
  const tail = quotedTail(clip(output, 3000), 8)
  return new TollgateError(
    "copy-failed",
    [`The empty copy of the database could not be ${what}.`, "", ...tail].join("\n"),
    `Nothing was changed. ${next}`,
  )
}
