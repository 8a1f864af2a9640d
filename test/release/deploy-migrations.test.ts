import { readFileSync } from "node:fs"
import { type Directory, dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { noStamp } from "../../core/image/stamp.js"
import type { ReleaseResult } from "../../core/release/deploy/result.js"
import { gatherPlan } from "../../core/release/plan/gather.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { COMMANDS, ROLLBACK, RUNNER } from "../database/command-services.js"
import { SHOP } from "../database/migration-shop.js"
import { useEngine } from "../engine/session.js"
import { emptyHost, entryPoint, release, SANDBOX, source } from "./deployments.js"
import { liveVersion, onHost } from "./host.js"

useEngine()

const text = `${readFileSync(new URL("fixtures/deploy/tollgate.yaml", import.meta.url), "utf8")
  .replace(/ {2}guarded:[\s\S]*$/, "")
  .replace("  sandbox:\n", "  sandbox:\n    migrations: database\n")}
database:
  lease: 8s
  lockTimeout: 1s
  backup: { to: "directory:release-tests" }
`
const settings = parseSettings(text, "tollgate.yaml")
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await emptyHost(settings)
  await sql("drop schema if exists tollgate cascade; drop schema public cascade; create schema public")
})
afterAll(() => sandbox.target.close())

function sql(query: string): Promise<string> {
  return onHost(sandbox, `docker exec postgres psql -U app -d app -qtA -v ON_ERROR_STOP=1 -c "${query}"`)
}

interface Next {
  upgrade: string
  models?: (written: string) => string
}

/** The shop that is deployed elsewhere, with alembic and a database; `next` is a revision on top of its three. */
function shop(next?: Next): Directory {
  const models = readFileSync(`${SHOP}models.py`, "utf8")
  const whole = source()
    .withNewFile("tollgate.yaml", text)
    .withDirectory("/", dag.host().directory(SHOP, { exclude: ["**/__pycache__", "tollgate.yaml", "README.md"] }))
  if (next === undefined) return whole
  const body = `    op.execute("${next.upgrade}")`
  return whole
    .withNewFile("models.py", next.models === undefined ? models : next.models(models))
    .withNewFile(
      "migrations/versions/0004_next.py",
      `"""next"""\n\nfrom alembic import op\n\nrevision = "0004"\ndown_revision = "0003"\n\n\ndef upgrade():\n${body}\n\n\ndef downgrade():\n    raise NotImplementedError\n`,
    )
}

const deployed = (version: string, next?: Next): Promise<ReleaseResult> =>
  release(settings, version, "", { source: shop(next) })
const revisionNow = async (): Promise<string> => (await sql("select version_num from alembic_version")).trim()
const stepOf = ({ steps }: ReleaseResult, name: string) => steps.find((one) => one.name === name)

test("what is pending is backed up and applied before the release starts", async () => {
  const result = await deployed("1")
  expect(result.causes).toEqual([])
  expect(result).toMatchObject({ outcome: "live", serving: { version: "1" } })
  expect(stepOf(result, "migrations")?.note).toMatch(/^3 revisions pending: no error/)
  expect(stepOf(result, "migrate")?.note).toMatch(
    /^MIGRATED: 3 revisions, now at 0003; backup \S+; 1 command of release\.before ran$/,
  )
  expect(await revisionNow()).toBe("0003")
})

test("what the version that runs still uses is not removed: nothing is changed", async () => {
  const result = await deployed("bad-drop", {
    upgrade: "ALTER TABLE payments DROP COLUMN note",
    models: (written) => written.replace(/^.*note:.*\n/m, ""),
  })
  expect(result).toMatchObject({ outcome: "refused", serving: { version: "1" } })
  expect(result.steps.at(-1)).toMatchObject({ name: "migrations", outcome: "failed" })
  expect(await revisionNow()).toBe("0003")
  expect(await liveVersion(sandbox)).toBe("200 1")
})

test("a migration that fails on the real database alone is undone, and the previous version is serving", async () => {
  const fails =
    "DO $do$ BEGIN IF current_setting('cluster_name') <> 'tollgate-copy' THEN RAISE EXCEPTION 'not on this server'; END IF; END $do$"
  const result = await deployed("bad-migration", { upgrade: fails })
  expect(result).toMatchObject({ outcome: "failed", serving: { version: "1" } })
  expect(stepOf(result, "migrate")).toMatchObject({ outcome: "failed" })
  expect(result.causes.join("\n")).toMatch(/was undone[\s\S]*not on this server/)
  expect(stepOf(result, "start")).toBeUndefined()
  expect(await revisionNow()).toBe("0003")
  expect(await liveVersion(sandbox)).toBe("200 1")
})

test("the plan names what would be applied, and its deployment applies that", async () => {
  const next = {
    upgrade: "ALTER TABLE payments ADD COLUMN receipt text",
    models: (written: string) => `${written.trimEnd()}\n    receipt: Mapped[str | None] = mapped_column(Text)\n`,
  }
  const request = {
    source: shop(next),
    environment: "sandbox",
    version: "2",
    caller: { who: "the test", owner: "the test" },
    why: "",
    stamp: noStamp,
    secrets: () => Promise.resolve("MODE=\n"),
    access: { ssh: null, registry: null },
    ledger: null,
    notify: null,
    approvals: [],
    breakGlass: null,
    at: "",
    gateSecrets: undefined,
    registry: { user: "", password: undefined, service: undefined },
    sandbox: SANDBOX,
  }
  const plan = await gatherPlan(settings, request, entryPoint, () => ({ kind: "unknown", why: "the test has no Git" }))
  expect(plan.migrations).toMatchObject([
    { id: "0004", path: "migrations/versions/0004_next.py", lint: { errors: 0 }, contracts: false },
  ])
  expect(await revisionNow()).toBe("0003")
  const result = await deployed("2", next)
  expect(result.causes).toEqual([])
  expect(result).toMatchObject({ outcome: "live", serving: { version: "2" } })
  expect(await revisionNow()).toBe("0004")
  // run again, nothing is pending, and it serves already
  const again = await deployed("2", next)
  expect(stepOf(again, "backup")).toMatchObject({ outcome: "skipped" })
  expect(again).toMatchObject({ outcome: "live", serving: { version: "2" } })
})

test("what database.commands name is planned, rehearsed and applied; what fails on the real database alone is undone by their rollback", async () => {
  await sql("create table schema_migrations (version text primary key); insert into schema_migrations values ('0001')")
  const next = { up: "ALTER TABLE payments ADD COLUMN refund text", down: "ALTER TABLE payments DROP COLUMN refund" }
  const deployWith = (version: string, more: string): Promise<ReleaseResult> => {
    const written = text.replace("database:\n", `database:\n${COMMANDS}${ROLLBACK}${more}`)
    const service = source()
      .withNewFile("tollgate.yaml", written)
      .withFile("requirements.txt", dag.host().directory(SHOP).file("requirements.txt"))
      .withNewFile("migrate.py", RUNNER)
      .withNewFile("sql/0002_refund.up.sql", next.up)
      .withNewFile("sql/0002_refund.down.sql", next.down)
    return release(parseSettings(written, "tollgate.yaml"), version, "", { source: service })
  }
  const state = (): Promise<string> =>
    sql(
      "select (select max(version) from schema_migrations), count(*) from information_schema.columns where column_name = 'refund'",
    )

  const onlyForReal =
    "  invariants:\n    real: SELECT 1 FROM information_schema.columns WHERE column_name = 'refund' AND current_setting('cluster_name') <> 'tollgate-copy'\n"
  const failed = await deployWith("bad-command", onlyForReal)
  expect(failed).toMatchObject({ outcome: "failed", serving: { version: "2" } })
  expect(failed.causes.join("\n")).toMatch(/was undone \(downgrade\)[^]*the invariant real is broken by 1 row/)
  expect((await state()).trim()).toBe("0001|0")
  expect(await liveVersion(sandbox)).toBe("200 2")

  const done = await deployWith("3", "")
  expect(done.causes).toEqual([])
  expect(done).toMatchObject({ outcome: "live", serving: { version: "3" } })
  expect(stepOf(done, "migrations")?.note).toMatch(/^1 revision pending: no error/)
  expect(stepOf(done, "migrate")?.note).toMatch(
    /^MIGRATED: 1 revision, now at 0002; backup \S+; 1 command of release\.before ran$/,
  )
  expect((await state()).trim()).toBe("0002|1")
})
