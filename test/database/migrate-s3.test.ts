import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag, type Secret } from "@dagger.io/dagger"
import { afterAll, beforeAll, expect, test } from "vitest"
import { backupsScreen, listSource } from "../../core/database/backup/list-backups.js"
import { migrationScreen } from "../../core/database/migrate/screen.js"
import { restoreScreen, restoreSource } from "../../core/database/restore/restore-source.js"
import { useEngine } from "../engine/session.js"
import { migrateShop, newRun, newShop, prepareShop, shop } from "./migration-shop.js"
import { PostgresServer, removePrograms } from "./postgres-server.js"
import { S3Server } from "./s3-server.js"
import { Writer } from "./writer.js"

useEngine()

let server: PostgresServer
let storage: S3Server

beforeAll(async () => {
  ;[server, storage] = await Promise.all([PostgresServer.start(), S3Server.start()])
  await prepareShop(server)
})

afterAll(async () => {
  await Promise.all([server.stop(), storage.stop()])
  await removePrograms()
})

function bundle(url: string, secret = S3Server.secret): Secret {
  return dag.setSecret(
    `bundle-${newRun()}`,
    `DATABASE_URL="${url}"\nSTORAGE_ID=${S3Server.keyId}\nSTORAGE_SECRET="${secret}"\n`,
  )
}

const settings = (text: string): string =>
  text
    .replace("database:\n", "database:\n  rehearse: false\n")
    .replace(
      "to: directory:tests",
      `to: s3://backups/shop\n    keep: 1\n    days: 1\n    s3: { endpoint: "${storage.url}", region: eu-test-1, accessKeyId: STORAGE_ID, secretAccessKey: STORAGE_SECRET }`,
    )

test("backups live in S3: made, listed, checked, restored and removed there; a damaged one is not restored, and no key is in any text", async () => {
  const { name, url } = await newShop(server)
  const environment = "staging"
  const folder = join(storage.bucket("backups"), "shop", environment, name.replaceAll("_", "-"))
  const writer = await new Writer(server, name).start()

  // nothing is begun where the backup could not be kept
  await expect(
    migrateShop(url, { environment, settings, secrets: bundle(url, "wr0ng/secret+of-the=test") }),
  ).rejects.toMatchObject({ code: "backup-login" })
  await storage.kill()
  await expect(migrateShop(url, { environment, settings, secrets: bundle(url) })).rejects.toMatchObject({
    code: "backup-unreachable",
  })
  await storage.resume()
  expect(existsSync(folder)).toBe(false)
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])

  const migrated = await migrateShop(url, { environment, settings, secrets: bundle(url) })
  await writer.stop()
  expect(migrated.outcome, migrationScreen(migrated, { report: "" })).toEqual({ kind: "migrated" })
  expect(await writer.lost()).toEqual([])
  const backup = migrated.backup ?? expect.fail("no backup")
  expect(readdirSync(folder).sort()).toEqual([backup.file, `${backup.name}.json`])

  const source = shop().withNewFile("tollgate.yaml", settings(await shop().file("tollgate.yaml").contents()))
  const common = () => ({ environment, secrets: bundle(url), entryPoint: "cli" as const, run: newRun() })
  const list = async () => listSource(source, { ...common(), check: true })
  const listed = await list()
  expect(listed).toMatchObject({ backups: [{ name: backup.name, state: "whole", tested: true }], strays: [] })
  const options = { backup: "", identity: undefined, maintenance: false, discardWrites: true }
  const restored = await restoreSource(source, { ...common(), ...options })
  expect(restored.outcome.kind, restoreScreen(restored)).toBe("restored")
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])

  // an old one, and what a pipeline left that was killed while it sent one
  const long = {
    ...backup,
    name: "20200101T000000000Z_shop_0001",
    file: "20200101T000000000Z_shop_0001.dump",
    createdAt: "2020-01-01T00:00:00.000Z",
  }
  writeFileSync(join(folder, long.file), "old")
  writeFileSync(join(folder, `${long.name}.json`), JSON.stringify(long))
  writeFileSync(join(folder, "20200102T000000000Z_shop_0001.dump"), "half")
  writeFileSync(join(folder, "of-somebody-else"), "kept")
  const again = await migrateShop(url, { environment, settings, secrets: bundle(url) })
  expect(again.outcome).toEqual({ kind: "migrated" })
  const newest = again.backup ?? expect.fail("no backup")
  expect(readdirSync(folder).sort()).toEqual([
    backup.file,
    `${backup.name}.json`,
    newest.file,
    `${newest.name}.json`,
    "of-somebody-else",
  ])

  writeFileSync(join(folder, newest.file), "x", { flag: "r+" })
  const damaged = await list()
  expect(damaged.backups.map(({ state }) => state)).toEqual(["damaged", "whole"])
  expect(backupsScreen(damaged, new Date())).toContain("FAILED: 1 of 2 backups damaged or missing")
  await expect(restoreSource(source, { ...common(), ...options })).rejects.toMatchObject({ code: "backup-damaged" })
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0003" }])
  expect((await restoreSource(source, { ...common(), ...options, backup: backup.name })).outcome.kind).toBe("restored")

  const log = readFileSync(join(tmpdir(), `tollgate-test-engine-${process.pid}.log`), "utf8")
  const everything = JSON.stringify([
    migrated,
    listed,
    restored,
    migrationScreen(migrated, { report: "" }),
    await server.query(name, "SELECT * FROM tollgate.events"),
  ])
  const stored = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join()
  for (const key of [S3Server.keyId, S3Server.secret, encodeURIComponent(S3Server.secret)])
    for (const text of [log, everything, stored]) expect(text.includes(key)).toBe(false)
  expect(log).toContain("tollgate_s3.py")
})
