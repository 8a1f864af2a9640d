import { randomUUID } from "node:crypto"
import type { z } from "zod"
import { type Container, ReturnType } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../errors.js"
import { step } from "../../progress.js"
import { quotedTail } from "../../quoted-tail.js"
import { clip } from "../../report/plain-text.js"
import { tablesIn } from "../observe.js"
import type { Pending } from "../pending.js"
import { databaseSettingsScript } from "../likeness-script.js"
import type { Scratch } from "../scratch.js"
import { examination, idle, printed, type Replayed, replayed } from "./answers.js"
import { askAlembic } from "./ask-alembic.js"
import { copyScript, planTools } from "./copy.js"
import type { DatabaseFacts } from "./facts.js"
import type { Evidence } from "./plan.js"

interface Gathering {
  settings: Settings
  app: Container
  /** With the schema of the database and no row. */
  scratch: Scratch
  facts: DatabaseFacts
  pending: Extract<Pending, { kind: "pending" }>
}

/** Runs the pending revisions on an empty copy of the schema, and everything they print, and notes what the server saw. */
export async function gatherEvidence(gathering: Gathering): Promise<Evidence> {
  const { settings, scratch, pending, facts } = gathering
  const nonce = randomUUID()
  const tools = await step("prepare tools", async () => (await planTools()).sync())
  const connected = scratch.server.asSuperuser(tools).withEnvVariable("TOLLGATE_NONCE", nonce)
  await step("copy the schema", () => setUp(connected, gathering))
  const ask = <T>(database: string, command: string[], schema: z.ZodType<T>): Promise<T> => askAlembic({ app: gathering.app.withEnvVariable("TOLLGATE_NONCE", nonce), reach: scratch.named(database), settings }, command, schema)
  const steps = JSON.stringify(replaySteps(gathering))
  const [print, looked, replay] = await step("run alembic on the copy", () =>
    Promise.all([
      ask("tollgate_print", ["print", steps], printed),
      ask("tollgate_idle", ["idle", JSON.stringify(facts.current), String(tablesIn(facts.versionTable))], idle),
      ask("tollgate_replay", ["replay", steps], replayed).then((ran) => oneByOne(ran, () => ask("tollgate_steps", ["steps", steps], replayed))),
    ]),
  )
  if (looked.wrongStart !== null) throw beginsElsewhere(looked.wrongStart)
  const question = {
    printed: "/plan/printed.json",
    replay: "/plan/replay.json",
    ranIn: replay.database,
    versionTable: facts.versionTable.name,
    serverVersion: lintVersion(facts.serverVersion),
    preamble: preamble(settings),
  }
  const asked = withOptions(connected, scratch)
    .withNewFile("/plan/printed.json", JSON.stringify(print))
    .withNewFile("/plan/replay.json", JSON.stringify(replay.ran))
    .withNewFile("/plan/question.json", JSON.stringify(question))
    .withExec(copyScript("examine", "/plan/question.json", "/plan/answer.json"), { expect: ReturnType.Any })
  const examined = await step("examine each statement", async () => {
    if ((await asked.exitCode()) !== 0) throw copyFailed("examined", await asked.stderr(), "This is a fault of Tollgate.")
    return examination.parse(JSON.parse(await asked.file("/plan/answer.json").contents()))
  })
  return { pending: pending.revisions, tables: tablesIn(facts.versionTable), printed: print, replayed: replay.judged, examined }
}

/** What begins elsewhere shows nothing of what `migrate` would do. */
function beginsElsewhere(why: string): TollgateError {
  return new TollgateError(
    "copy-differs",
    `On a copy of the database ${why}.`,
    "env.py must find its version table in the database that it is given: set version_table_schema in context.configure, or the search_path of the role (ALTER ROLE … SET search_path). Nothing was changed.",
  )
}

/** The time-outs under which `migrate` runs every statement: what sets them already is not missing them. */
export function preamble({ database }: Settings): string {
  return `SET lock_timeout = '${database.lockTimeout}s';\nSET statement_timeout = '${database.statementTimeout}s';\n`
}

/** Squawk wants major and minor. */
export function lintVersion(version: string): string {
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
  const linear = pending.target === "head" && tablesIn(facts.versionTable) === 1 && facts.current.length <= 1 && pending.revisions.every(({ down, dependsOn }) => down.length <= 1 && dependsOn.length === 0)
  // of several version tables, that from which every pending revision is to go
  const from = facts.currentOfEach.find((current) => !pending.revisions.some(({ revision }) => current.includes(revision))) ?? facts.current
  return { from, target: pending.target, steps: pending.revisions.map(({ revision, down }) => ({ revision, down: linear ? (down[0] ?? "base") : null })) }
}

/** What the URL says of each session counts for the printed statements too. */
export function withOptions(tools: Container, { options }: Scratch): Container {
  return options === "" ? tools : tools.withEnvVariable("PGOPTIONS", options)
}

const COPIES = ["tollgate_print", "tollgate_idle", "tollgate_replay", "tollgate_steps", "tollgate_observe"]

function setUp(tools: Container, { settings, scratch, facts }: Gathering): Promise<void> {
  const current = [facts.versionTable.schema, ...(facts.versionTable.also ?? [])].map((schema, index) => ({ schema, revisions: facts.currentOfEach[index] ?? [] }))
  return setUpCopies(tools, settings, scratch, { versionTable: facts.versionTable.name, current })
}

interface Noted {
  versionTable: string
  current: { schema: string | null; revisions: string[] }[]
}

/** Makes a database for each question out of the one that has the schema. */
export async function setUpCopies(tools: Container, settings: Settings, scratch: Scratch, noted: Noted): Promise<void> {
  const { likeness } = scratch
  const given = {
    database: likeness.database.name,
    owner: likeness.database.owner,
    // printed statements are run by the superuser, under the settings of the app's user
    copies: Object.fromEntries(COPIES.map((name) => [name, databaseSettingsScript(likeness, name, name === "tollgate_observe")])),
    ...noted,
  }
  const ran = withOptions(tools, scratch)
    .withNewFile("/plan/facts.json", JSON.stringify(given))
    .withExec(copyScript("setup", "/plan/facts.json"), { expect: ReturnType.Any })
  if ((await ran.exitCode()) !== 0) throw copyFailed("made", await ran.stderr(), `database.image of tollgate.yaml (${settings.database.image}) must have the extensions that the database uses.`)
}

export function copyFailed(what: string, output: string, next: string): TollgateError {
  const tail = quotedTail(clip(output, 3000), 8)
  return new TollgateError(
    "copy-failed",
    [`The empty copy of the database could not be ${what}.`, "", ...tail].join("\n"),
    `Nothing was changed. ${next}`,
  )
}
