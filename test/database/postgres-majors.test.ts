import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { migrationScreen } from "../../core/database/migrate/screen.js"
import { restoreScreen, restoreSource } from "../../core/database/restore/restore-source.js"
import { useEngine } from "../engine/session.js"
import { migrateShop, newRun, newShop, shop, useShopServer } from "./migration-shop.js"
import type { PostgresServer } from "./postgres-server.js"
import { Writer } from "./writer.js"

useEngine()

let server: PostgresServer
useShopServer((started) => (server = started), { major: 17 })

const image = (name: string) => (text: string) => text.replace("database:\n", `database:\n  image: ${name}\n`)

test("a server of another major version is migrated and restored with programs of its own, and with older ones neither", async () => {
  const { name, url } = await newShop(server)
  const environment = "staging"

  const older = await migrateShop(url, { environment })
  expect(older.outcome).toMatchObject({
    kind: "refused",
    step: "preflight",
    causes: [expect.stringContaining("pg_dump of database.image is version 15, the server is 17")],
  })

  const writer = await new Writer(server, name).start()
  const migrated = await migrateShop(url, { environment, settings: image("postgres:17") })
  await writer.stop()
  expect(migrated.outcome, migrationScreen(migrated, { report: "" })).toEqual({ kind: "migrated" })
  expect(migrated.rehearsed?.downgrade.kind).toBe("proven")
  expect(migrated.backup?.serverVersion).toMatch(/^17\./)
  expect(await writer.lost()).toEqual([])

  const request = () => ({
    environment,
    secrets: dag.setSecret(`majors-${name}`, `DATABASE_URL="${url}"`),
    entryPoint: "cli" as const,
    run: newRun(),
    backup: "",
    identity: undefined,
    maintenance: false,
    discardWrites: true,
  })
  await expect(restoreSource(shop(), request())).rejects.toMatchObject({
    code: "client-programs",
    message: expect.stringContaining("the programs of postgres:15 are version 15"),
  })
  const settings = image("postgres:17")(await shop().file("tollgate.yaml").contents())
  const restored = await restoreSource(shop().withNewFile("tollgate.yaml", settings), request())
  expect(restored.outcome.kind, restoreScreen(restored)).toBe("restored")
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])
})

test("programs of a version that is not available are an error that says what to do", async () => {
  const { url } = await newShop(server)
  await expect(migrateShop(url, { settings: image("postgres:99") })).rejects.toMatchObject({
    code: "image-missing",
    message: expect.stringContaining("Could not pull postgres:99 (database.image)"),
  })
})
