import { expect, test } from "vitest"
import { Alembic } from "../../core/database/alembic/alembic.js"
import { reachUrl } from "../../core/database/connect/reach.js"
import { appFolder, readSettings } from "../../core/source.js"
import { useEngine } from "../engine/session.js"
import { ADD_NOTE, newShop, shop, useShopServer } from "./migration-shop.js"
import type { PostgresServer } from "./postgres-server.js"

useEngine()

let server: PostgresServer
useShopServer((started) => (server = started))

const LIMITS = { lockTimeout: 5, statementTimeout: 60, applicationName: "tollgate alembic test" }

async function alembicOf(upgrade: string) {
  const { url } = await newShop(server)
  const folder = shop({ upgrade })
  const settings = await readSettings(folder)
  return {
    alembic: await Alembic.of(settings, await appFolder(folder, settings)),
    reach: reachUrl(url, { variable: "DATABASE_URL", env: {}, others: [], entryPoint: "cli" }),
  }
}

test("each question has a process of its own: what one of them changes in the app's code or its own is not there for the next", async () => {
  const { alembic, reach } = await alembicOf(
    `import os, models\nassert not hasattr(models, 'seen') and 'SEEN' not in os.environ\nmodels.seen = os.environ['SEEN'] = 'yes'\nprint('upgraded once')\n${ADD_NOTE}`,
  )
  const there = await alembic.upgrade(reach, ["0002"], "head", LIMITS)
  expect(there).toMatchObject({ ok: true, output: expect.stringContaining("upgraded once") })
  expect(await alembic.downgrade(reach, "0002", LIMITS)).toMatchObject({
    ok: true,
    output: expect.not.stringContaining("upgraded once"),
  })
  expect(await alembic.upgrade(reach, ["0002"], "head", LIMITS)).toMatchObject({ ok: true })
  expect(await Promise.all([alembic.check(reach), alembic.inspect(reach)])).toMatchObject([
    { notCompared: null, differences: [] },
    { heads: ["0003"], versionTables: [{ name: "alembic_version", schema: "public" }] },
  ])
  await alembic.end()
})

test("when all of it is killed, what it was asked last has no answer, and the next question is answered again", async () => {
  const { alembic, reach } = await alembicOf("import os\nos.kill(os.getppid(), 9)\nos.kill(os.getpid(), 9)")
  expect(await alembic.upgrade(reach, ["0002"], "head", LIMITS)).toMatchObject({
    ok: false,
    error: "alembic ended with exit code 137 before it reported a result",
    journal: null,
  })
  expect(await alembic.inspect(reach)).toMatchObject({ heads: ["0003"] })
  await alembic.end()
})
