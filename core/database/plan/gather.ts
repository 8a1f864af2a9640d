import type { Container } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { clip } from "../../presentation/plain-text.js"
import { TollgateError } from "../../shared/errors.js"
import { step } from "../../shared/progress.js"
import { quotedTail } from "../../shared/quoted-tail.js"
import { runProgram } from "../../shared/run-program.js"
import { answered } from "../alembic/alembic-server.js"
import type { Pending } from "../alembic/pending.js"
import type { PlanScratch } from "../copy/empty-scratch.js"
import { databaseSettingsScript } from "../copy/likeness-script.js"
import { tablesIn } from "../copy/observe.js"
import { examination, idle, printed, type Replayed, replayed } from "./answers.js"
import type { PlanAlembic } from "./ask-alembic.js"
import { COPY_SCRIPT, copyScript, planTools } from "./copy.js"
import type { DatabaseFacts } from "./facts.js"
import type { Evidence } from "./plan.js"

interface Gathering {
  settings: Settings
  alembic: PlanAlembic
  /** With the schema of the database and no row. */
  scratch: PlanScratch
  facts: DatabaseFacts
  pending: Extract<Pending, { kind: "pending" }>
  /** Whether the copy's version table has its rows, which a dump of the schema leaves out. */
  versionsThere: boolean
}

const gathered = z.object({
  answers: z.object({ print: answered, idle: answered, replay: answered, steps: answered.optional() }),
  /** null: the answers say why. */
  examined: examination.nullable(),
  seconds: z.object({ copied: z.number(), ran: z.number(), examined: z.number() }),
})

type Gathered = z.output<typeof gathered>

/** Runs the pending revisions on an empty copy of the schema, and everything they print, and notes what the server saw. */
export async function gatherEvidence(gathering: Gathering): Promise<Evidence> {
  const { alembic, pending, facts } = gathering
  const { answers, examined } = await step(
    "run and examine the revisions on copies",
    () => gather(gathering),
    ({ seconds: { copied, ran, examined: last } }) =>
      `copies ${copied.toFixed(1)} s, alembic ${ran.toFixed(1)} s, statements ${last.toFixed(1)} s`,
  )
  const print = alembic.checked(answers.print, printed)
  const { wrongStart } = alembic.checked(answers.idle, idle)
  const judged = oneByOne(
    alembic.checked(answers.replay, replayed),
    answers.steps === undefined ? null : alembic.checked(answers.steps, replayed),
  )
  if (wrongStart !== null) throw beginsElsewhere(wrongStart)
  if (examined === null)
    throw copyFailed("examined", "", "This is a bug in Tollgate: please open an issue with the log.")
  return {
    pending: pending.revisions,
    tables: tablesIn(facts.versionTable),
    printed: print,
    replayed: judged,
    examined,
  }
}

const QUESTION = "/plan/question.json"
const ANSWER = "/plan/answer.json"

async function gather(gathering: Gathering): Promise<Gathered> {
  const { settings, alembic, scratch, facts } = gathering
  const steps = JSON.stringify(replaySteps(gathering))
  const asked = (name: Copy, action: string, parameters: string[]) => ({
    action,
    arguments: parameters,
    environment: scratch.named(name).variables,
  })
  const question = {
    facts: factsOfCopies(scratch, noted(gathering)),
    folder: alembic.folder,
    questions: {
      print: asked("tollgate_print", "print", [steps]),
      idle: asked("tollgate_idle", "idle", [JSON.stringify(facts.current), String(tablesIn(facts.versionTable))]),
      replay: asked("tollgate_replay", "replay", [steps]),
      steps: asked("tollgate_steps", "steps", [steps]),
    },
    versionTable: facts.versionTable.name,
    serverVersion: lintVersion(facts.serverVersion),
    preamble: preamble(settings),
  }
  const tools = alembic
    .withFolder(scratch.server.asSuperuser(await planTools()))
    .withNewFile(QUESTION, JSON.stringify(question))
  const { code, err, after } = await runProgram(withOptions(tools, scratch), copyScript("plan", QUESTION, ANSWER))
  // it ends while the answer is judged
  alembic.stop().catch(() => undefined)
  if (code === COPY_SCRIPT.noCopy)
    throw copyFailed(
      "made",
      err,
      `database.image of tollgate.yaml (${settings.database.image}) must have the extensions that the database uses.`,
    )
  if (code === COPY_SCRIPT.noAlembic) return alembic.failed()
  if (code !== 0 || after === null)
    throw copyFailed("examined", err, "This is a bug in Tollgate: please open an issue with the log.")
  return gathered.parse(JSON.parse(await after.file(ANSWER).contents()))
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

/**
 * What is judged: the upgrade as a whole, in its own transactions. A failure rolls back what came before it in the same transaction:
 * that is seen when the revisions run one by one.
 */
function oneByOne(whole: Replayed, again: Replayed | null): Replayed {
  if (whole.upgradeError === null || again === null) return whole
  if (again.upgradeError !== null) return again
  const message = `${whole.upgradeError.message}\nEach revision works in a transaction of its own; env.py runs them all in one.`
  return { ...again, upgradeError: { ...whole.upgradeError, message } }
}

/** Down again only where there is one way down: at a merge there are several. */
function replaySteps({ pending, facts }: Gathering): {
  from: string[]
  target: string
  steps: { revision: string; down: string | null }[]
} {
  const linear =
    pending.target === "head" &&
    tablesIn(facts.versionTable) === 1 &&
    facts.current.length <= 1 &&
    pending.revisions.every(({ down, dependsOn }) => down.length <= 1 && dependsOn.length === 0)
  // of several version tables, that from which every pending revision is to go
  const from =
    facts.currentOfEach.find((current) => !pending.revisions.some(({ revision }) => current.includes(revision))) ??
    facts.current
  return {
    from,
    target: pending.target,
    steps: pending.revisions.map(({ revision, down }) => ({ revision, down: linear ? (down[0] ?? "base") : null })),
  }
}

/** What the URL says of each session counts for the printed statements too. */
export function withOptions(tools: Container, { options }: PlanScratch): Container {
  return options === "" ? tools : tools.withEnvVariable("PGOPTIONS", options)
}

const COPIES = ["tollgate_print", "tollgate_idle", "tollgate_replay", "tollgate_steps", "tollgate_observe"] as const

type Copy = (typeof COPIES)[number]

interface Noted {
  versionTable: string
  current: { schema: string | null; revisions: string[] }[]
}

function noted({ facts, versionsThere }: Gathering): Noted {
  if (versionsThere) return { versionTable: facts.versionTable.name, current: [] }
  const current = [facts.versionTable.schema, ...(facts.versionTable.also ?? [])].map((schema, index) => ({
    schema,
    revisions: facts.currentOfEach[index] ?? [],
  }))
  return { versionTable: facts.versionTable.name, current }
}

/** What the real database said of itself, for the copies of it. */
export function factsOfCopies({ likeness }: PlanScratch, { versionTable, current }: Noted): unknown {
  return {
    database: likeness.database.name,
    owner: likeness.database.owner,
    // printed statements are run by the superuser, under the settings of the app's user
    copies: Object.fromEntries(
      COPIES.map((name) => [name, databaseSettingsScript(likeness, name, name === "tollgate_observe")]),
    ),
    versionTable,
    current,
  }
}

export function copyFailed(what: string, output: string, next: string): TollgateError {
  const tail = quotedTail(clip(output, 3000), 8)
  return new TollgateError(
    "copy-failed",
    [`The empty copy of the database could not be ${what}.`, "", ...tail].join("\n"),
    `Nothing was changed. ${next}`,
  )
}
