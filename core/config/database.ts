import { z } from "zod"
import { backup } from "./backup.js"
import { commands } from "./commands.js"
import {
  always,
  containerImage,
  distinct,
  duration,
  entryOf,
  environmentName,
  environmentValue,
  expected,
  filePath,
  keysOf,
  mapping,
  named,
  text,
  textsIn,
  variables,
  withHint,
} from "./fields.js"
import { lint } from "./lint.js"
import { placeholdersAreKnown } from "./template.js"

const tableName = text(
  "a table's name, or a pattern such as *payment*: lower-case letters, digits, _ and *, with a schema before it or without",
  /^(?:[a-z_*][a-z0-9_$*]*\.)?[a-z_*][a-z0-9_$*]*$/,
)

/** Names that tables of payment services have. A table that no pattern fits is not protected. */
const PAYMENT_TABLES = [
  "*payment*",
  "*order*",
  "*refund*",
  "*invoice*",
  "*receipt*",
  "*ledger*",
  "*transaction*",
  "*subscription*",
  "*charge*",
  "*payout*",
]

const checkName = /^[a-z][a-z0-9-]*$/

function checks(what: string) {
  return named(
    what,
    checkName,
    text("a SQL query", /^\s*(?:SELECT|WITH|select|with)\s/, () => "one query that begins with SELECT or WITH"),
    (name) =>
      checkName.test(name)
        ? null
        : withHint(
            "is not a name for a check: expected lower-case letters, digits and -, beginning with a letter",
            null,
          ),
  )
}

const argumentName = /^[A-Za-z][A-Za-z0-9._-]*$/

const wholeNumber = (what: string, least: number, most: number) => {
  const error = expected(what)
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

/** Two sources for one variable: which of them env.py saw would be a matter of luck. */
function variablesHaveOneSource(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const env = entryOf(value, "env")
  const url = entryOf(value, "url") ?? "DATABASE_URL"
  const secrets = textsIn(entryOf(value, "secrets"))
  const available = { missing: null, services: [] }
  placeholdersAreKnown(env, ["env"], available, context)
  placeholdersAreKnown(entryOf(value, "x"), ["x"], available, context)
  for (const name of keysOf(env)) {
    if (name === url) {
      const message = withHint("is set by database.url", "leave it out, or give database.url another name in --secrets")
      context.addIssue({ code: "custom", path: ["env", name], message, params: { at: "key" } })
    }
    if (name === url || !secrets.some(([, secret]) => secret === name)) continue
    const message = withHint(
      "is in database.secrets as well",
      "remove it from one of them: a secret's value must not be in a file",
    )
    context.addIssue({ code: "custom", path: ["env", name], message, params: { at: "key" } })
  }
  for (const [index, secret] of secrets) {
    if (secret === url)
      context.addIssue({
        code: "custom",
        path: ["secrets", index],
        message: withHint("is set by database.url", "leave it out here"),
      })
  }
}

const ALEMBIC = "alembic.ini"

/** Two tools for one database: which of them counts would be a guess. */
function oneTool(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const alembic = entryOf(value, "alembic")
  if (entryOf(value, "commands") === undefined || alembic === undefined || alembic === ALEMBIC) return
  context.addIssue({
    code: "custom",
    path: ["alembic"],
    message: withHint("cannot be set together with database.commands", "remove the one that the service does not use"),
    params: { at: "key" },
  })
}

/** A rehearsal runs on the restored backup: without its test there is nothing to run it on. */
function rehearsalNeedsTest(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  if (entryOf(entryOf(value, "backup"), "test") !== false || entryOf(value, "rehearse") === false) return
  context.addIssue({
    code: "custom",
    path: ["backup", "test"],
    message: withHint(
      "cannot be false while the upgrade is rehearsed: the rehearsal runs on the restored backup",
      "remove it, or set database.rehearse to false as well",
    ),
  })
}

export const database = mapping("a mapping of settings for the database", {
  url: environmentName
    .prefault("DATABASE_URL")
    .describe("Name in --secrets whose value is the database's URL; alembic finds it under the same name."),
  secrets: distinct("a list of names of environment variables", environmentName)
    .prefault([])
    .describe(
      "Further names in --secrets that alembic's env.py needs. Not for the database's own host or password: those are database.env's.",
    ),
  env: variables
    .prefault({})
    .describe(
      "Environment variables for alembic's env.py. Filled in for whichever database it runs on: {host} {port} {user} {password} {database} {url}.",
    ),
  x: named("a mapping of -x arguments", argumentName, environmentValue, (name) =>
    argumentName.test(name)
      ? null
      : "is not a name of an -x argument: expected letters, digits and . _ -, beginning with a letter",
  )
    .prefault({})
    .describe(
      "Arguments that env.py reads with get_x_argument(), as of alembic -x NAME=VALUE; an empty value stands for -x NAME. Filled in like env.",
    ),
  alembic: filePath("a path of alembic's configuration, relative to app.path")
    .prefault(ALEMBIC)
    .describe("Alembic's configuration, relative to app.path."),
  commands: commands
    .optional()
    .describe(
      "Commands of a migration tool other than alembic. When left out: alembic's, or Django's where there is a manage.py and no alembic.",
    ),
  image: containerImage
    .prefault("postgres:15")
    .describe(
      "Image with the client programs and the throw-away server of the rehearsal: the server's major version, or a newer one.",
    ),
  protect: distinct("a list of tables", tableName)
    .prefault(PAYMENT_TABLES)
    .describe("Tables, by name or pattern, in which a migration must not lose a row."),
  invariants: checks("a mapping of SQL queries")
    .prefault({})
    .describe("Queries that must return no row, before and after a migration. A row that comes back is a broken rule."),
  unchanged: checks("a mapping of SQL queries")
    .prefault({})
    .describe("Queries whose answer must be the same before and after a migration, such as the sums of a ledger."),
  contract: distinct("a list of revisions", text("a revision of alembic", /^[A-Za-z0-9_.-]+$/))
    .prefault([])
    .describe("Revisions that may drop, rename or narrow: the running version no longer uses what they change."),
  lint: lint.prefault({}).describe("How findings of `migration-plan` are weighed."),
  rehearse: z
    .union([z.boolean(), z.literal("upgrade")], { error: expected("true, false or upgrade") })
    .prefault(true)
    .describe(
      "Whether the upgrade is first run on a restored copy of the database, and its downgrade after it. upgrade: without the downgrade. No downgrade is used to undo unless it was rehearsed.",
    ),
  lockWait: duration.prefault("2m").describe("Longest time to wait for another run of Tollgate on the same database."),
  lease: duration.prefault("30s").describe("After so long without a heartbeat a run has lost its lock."),
  lockTimeout: duration
    .prefault("3s")
    .describe(
      "Longest time that a statement of a migration waits for a lock of the database. The application waits behind it.",
    ),
  statementTimeout: duration.prefault("15m").describe("Longest time for one statement of a migration."),
  attempts: wholeNumber("a whole number of attempts, 1 to 20", 1, 20)
    .prefault(5)
    .describe("How often a migration is tried that did not get its lock."),
  longTransaction: duration
    .prefault("1m")
    .describe("A transaction that is open for longer than this keeps a migration from starting."),
  serverWait: duration.prefault("2m").describe("Longest time to wait for a server that went away to come back."),
  backup: backup.prefault({}).describe("Where backups go, and for how long."),
})
  .superRefine(variablesHaveOneSource, always)
  .superRefine(oneTool, always)
  .superRefine(rehearsalNeedsTest, always)

export type DatabaseSettings = z.output<typeof database>
export type BackupSettings = DatabaseSettings["backup"]
