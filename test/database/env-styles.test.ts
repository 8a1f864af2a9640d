import { networkInterfaces } from "node:os"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { migrateSource } from "../../core/database/migrate/migrate.js"
import { migrationScreen } from "../../core/database/migrate/screen.js"
import { makePlan } from "../../core/database/plan/make-plan.js"
import { restoreScreen, restoreSource } from "../../core/database/restore/restore-source.js"
import { TollgateError } from "../../core/shared/errors.js"
import { recordedPlan } from "../../dagger/engine/network.js"
import { useEngine } from "../engine/session.js"
import { type Real, STYLES, type Style, serviceOf } from "./env-styles.js"
import { newRun, newShop, prepareShop } from "./migration-shop.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "./postgres-server.js"

useEngine()

let server: PostgresServer
const reals = new Map<Style, Real>()
/** What each database held before anything was tried on it. */
const held = new Map<Style, unknown>()

/** An address at which containers really reach this machine: what keeps env.py from the database must be Tollgate alone. */
async function reachableAddress(): Promise<string> {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address
  return (await recordedPlan(currentHome()))?.gateway ?? own ?? "127.0.0.1"
}

beforeAll(async () => {
  const host = await reachableAddress()
  server = await PostgresServer.start({
    address: host,
    settings: ["wal_level=minimal", "max_wal_senders=0", "autovacuum=off"],
  })
  await prepareShop(server)
  for (const style of STYLES) {
    const { name, url } = await newShop(server)
    reals.set(style, { url, host, port: server.port, password: APP_PASSWORD, database: name })
  }
  for (const style of STYLES) held.set(style, await contents(realOf(style)))
  await server.query("postgres", "CHECKPOINT", "postgres")
})
afterAll(async () => {
  await server.stop()
  await removePrograms()
})

const realOf = (style: Style): Real => {
  const real = reals.get(style)
  if (real === undefined) throw new RangeError("no database")
  return real
}

function given(style: Style) {
  const real = realOf(style)
  const secrets = dag.setSecret(
    `secrets-${real.database}`,
    `DATABASE_URL='${real.url}'\n${style.secrets?.(real) ?? ""}`,
  )
  return { environment: "staging", secrets, entryPoint: "cli" as const }
}

/** Rows and columns of the service's own tables, and which there are. */
async function contents({ database }: Real): Promise<unknown> {
  const columns = await server.query(
    database,
    "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'tollgate') ORDER BY 1, 2, 3",
  )
  const rows = await server.query(
    database,
    "SELECT (SELECT count(*) FROM payments) AS payments, (SELECT sum(hashtext(p::text)) FROM payments AS p) AS digest, (SELECT string_agg(version_num, ',') FROM alembic_version) AS revision",
  )
  return { columns, rows }
}

async function wal(): Promise<unknown> {
  return server.query("postgres", "SELECT pg_current_wal_insert_lsn()::text AS position", "postgres")
}

/** What it came to: an error's whole text, or the screen of a refusal; null: it worked. */
async function refusal(work: () => Promise<string | null>): Promise<string | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return `${error.message}\n${error.next}`
  }
}

/** Few at a time: each has a server and a Python of its own. */
async function forEachStyle(styles: readonly Style[], work: (style: Style) => Promise<void>): Promise<void> {
  const left = [...styles]
  const failed: unknown[] = []
  const one = async (): Promise<void> => {
    for (let style = left.shift(); style !== undefined; style = left.shift())
      await work(style).catch((error: unknown) => void failed.push(error))
  }
  await Promise.all([one(), one(), one()])
  if (failed.length > 0)
    throw new AggregateError(
      failed,
      failed.map((error) => (error instanceof Error ? error.message : String(error))).join("\n\n"),
    )
}

describe("whatever way env.py has to its database,", () => {
  test("a plan writes nothing to the real one, and works or says which setting to add", async () => {
    const position = await wal()
    await forEachStyle(STYLES, async (style) => {
      const said = await refusal(async () => {
        const plan = await makePlan(serviceOf(style, realOf(style)), { ...given(style), runningSource: undefined })
        if (style.reported !== undefined)
          expect(plan.findings.map(({ message }) => message).join("\n"), style.name).toMatch(
            style.reported(realOf(style)),
          )
        const found = plan.findings.filter(({ severity, code }) => severity === "error" && !code.startsWith("squawk/"))
        return found.length === 0 && plan.current.join() === "0002" ? null : JSON.stringify(found)
      })
      if (style.refused === undefined) expect(said, style.name).toBeNull()
      else expect(said, style.name).toMatch(style.refused)
      expect(said ?? "", style.name).not.toContain(APP_PASSWORD)
    })
    expect(await wal()).toEqual(position)
    for (const style of STYLES) expect(await contents(realOf(style)), style.name).toEqual(held.get(style))
  })

  test("a migration takes the real one to the head, or leaves it as it was and says which setting to add", async () => {
    await forEachStyle(
      STYLES.filter(({ planOnly }) => planOnly !== true),
      async (style) => {
        const real = realOf(style)
        const said = await refusal(async () => {
          const result = await migrateSource(serviceOf(style, real), {
            ...given(style),
            maintenance: false,
            identity: undefined,
            run: newRun(),
          })
          if (style.reported !== undefined) expect(result.warnings.join("\n"), style.name).toMatch(style.reported(real))
          return result.outcome.kind === "migrated" ? null : migrationScreen(result, { report: "report.html" })
        })
        const [row] = await server.query<{ version_num: string }>(
          real.database,
          "SELECT version_num FROM alembic_version",
        )
        if (style.refused === undefined) {
          expect(said, style.name).toBeNull()
          expect(row?.version_num, style.name).toBe("0003")
        } else {
          expect(said, style.name).toMatch(style.refused)
          expect(await contents(real), style.name).toEqual(held.get(style))
        }
      },
    )
  })

  test("a restore puts back what was there before the migration, and without a backup changes nothing", async () => {
    await forEachStyle(
      STYLES.filter(({ planOnly }) => planOnly !== true),
      async (style) => {
        const real = realOf(style)
        const said = await refusal(async () => {
          const result = await restoreSource(serviceOf(style, real), {
            ...given(style),
            backup: "",
            identity: undefined,
            maintenance: false,
            discardWrites: true,
            run: newRun(),
          })
          return result.outcome.kind === "restored" ? null : restoreScreen(result)
        })
        if (style.refused === undefined) expect(said, style.name).toBeNull()
        else expect(said, style.name).toMatch(/There is no tested backup/)
        expect(await contents(real), style.name).toEqual(held.get(style))
      },
    )
  })
})
