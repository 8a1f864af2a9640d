import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { areBackupsWhole, backupsScreen, listSource } from "../../core/database/backup/list-backups.js"
import { clientPrograms, runScript, withAge } from "../../core/database/backup/programs.js"
import { volume } from "../../core/database/backup/store-places.js"
import { restoreScreen, restoreSource } from "../../core/database/restore/restore-source.js"
import { readSettings } from "../../core/source.js"
import { useEngine } from "../engine/session.js"
import { migrateShop, newRun, newShop, ROWS, screen, shop, useShopServer } from "./migration-shop.js"
import type { PostgresServer } from "./postgres-server.js"

useEngine()

let server: PostgresServer
useShopServer((started) => (server = started))

const WHERE = "staging"

function common(url: string) {
  const run = newRun()
  return {
    environment: WHERE,
    secrets: dag.setSecret(`restore-${run}`, `DATABASE_URL="${url}"`),
    entryPoint: "cli" as const,
    run,
  }
}

test.concurrent("a restore stops and asks when rows would be lost; told to go on, it keeps them in the database that it set aside", async () => {
  const { name, url } = await newShop(server)
  const migrated = await migrateShop(url)
  await server.query(
    name,
    "INSERT INTO payments (order_id, amount, reference) SELECT 1, 5, 'late-' || n FROM generate_series(1, 7) AS n; UPDATE orders SET title = 'changed' WHERE id <= 3",
  )

  await server.query(
    name,
    `ALTER DATABASE ${name} SET search_path TO public, billing; REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`,
  )
  const options = { backup: "", identity: undefined, maintenance: false, discardWrites: false }
  const asked = await restoreSource(shop(), { ...common(url), ...options })
  expect(asked.outcome).toMatchObject({
    kind: "asks",
    question: expect.stringContaining("10 rows were written, changed or removed since the backup"),
  })
  expect(await server.query(name, "SELECT FROM payments WHERE reference LIKE 'late-%'")).toHaveLength(7)

  const done = await restoreSource(shop(), { ...common(url), ...options, discardWrites: true })
  expect(done.outcome, restoreScreen(done)).toMatchObject({ kind: "restored", lost: 10 })
  expect(done.backup.name).toBe(migrated.backup?.name)
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])
  expect(await server.query(name, "SELECT FROM payments WHERE reference LIKE 'late-%'")).toEqual([])
  expect(await server.query(name, "SHOW search_path")).toEqual([{ search_path: "public, billing" }])
  expect(await server.query(name, `SELECT has_database_privilege('public', '${name}', 'CONNECT') AS anybody`)).toEqual([
    { anybody: false },
  ])
  const aside = done.outcome.kind === "restored" ? done.outcome.setAside : ""
  expect(await server.query(aside, "SELECT FROM payments WHERE reference LIKE 'late-%'")).toHaveLength(7)
})

test.concurrent("a backup whose file was changed or cut off is marked, and not restored; the database stays as it is", async () => {
  const { name, url } = await newShop(server)
  await migrateShop(url)
  const settings = (await readSettings(shop())).database
  const store = volume("backups-tests", `${WHERE}/${name.replaceAll("_", "-")}`)
  const list = async (check: boolean) => listSource(shop(), { ...common(url), check })
  const whole = await list(true)
  expect(whole.backups).toMatchObject([{ state: "whole", tested: true }])
  expect(areBackupsWhole(whole)).toBe(true)

  const damage = async (script: string) =>
    runScript(store.attach(await clientPrograms(settings)), `cd ${store.folder}; ${script}`, newRun())
  const options = { backup: "", identity: undefined, maintenance: false, discardWrites: true }

  await damage("printf x | dd of=$(ls *.dump) bs=1 seek=5000 conv=notrunc")
  expect((await list(true)).backups).toMatchObject([{ state: "damaged" }])
  await expect(restoreSource(shop(), { ...common(url), ...options })).rejects.toThrow("its checksum does not match")

  await damage("truncate -s 3000 *.dump")
  const truncated = await list(false)
  expect(truncated.backups).toMatchObject([{ state: "damaged" }])
  expect(backupsScreen(truncated, new Date())).toContain("FAILED: 1 of 1 backup damaged or missing")
  expect(areBackupsWhole(truncated)).toBe(false)
  await expect(restoreSource(shop(), { ...common(url), ...options })).rejects.toThrow("its checksum does not match")

  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0003" }])
  expect(await server.query(name, `SELECT datname FROM pg_database WHERE datname LIKE '${name}_restored%'`)).toEqual([])
})

test.concurrent("an encrypted backup is restored with its identity, and without it or with another one not", async () => {
  const { name, url } = await newShop(server)
  const settings = (await readSettings(shop())).database
  const client = await clientPrograms(settings)
  const keys = () => runScript(withAge(client), "age-keygen 2>/dev/null", newRun())
  const { out } = await keys()
  const recipient = /public key: (age1\S+)/.exec(out)?.[1] ?? ""
  const migrated = await migrateShop(url, { settings: (text) => `${text}    encryptTo: [${recipient}]\n` })
  expect(migrated.backup).toMatchObject({ encrypted: true, tested: true, file: expect.stringMatching(/\.dump\.age$/) })
  const store = volume("backups-tests", `${WHERE}/${name.replaceAll("_", "-")}`)
  const { out: files } = await runScript(store.attach(client), `cd ${store.folder}; ls -A; head -c 20 *.age`, newRun())
  expect(files).toContain("age-encryption.org")
  expect(files).not.toContain(".work")

  const options = { backup: migrated.backup?.name ?? "", maintenance: false, discardWrites: true }
  await expect(restoreSource(shop(), { ...common(url), ...options, identity: undefined })).rejects.toMatchObject({
    code: "backup-encrypted",
  })
  const others = {
    identity: dag.setSecret(`others-${name}`, (await keys()).out),
    none: dag.setSecret(`none-${name}`, "AGE-SECRET-KEY-1NOT-A-KEY"),
  }
  await expect(restoreSource(shop(), { ...common(url), ...options, identity: others.identity })).rejects.toMatchObject({
    code: "backup-identity",
    message: expect.stringContaining("--identity matches none of the recipients of"),
  })
  const broken = restoreSource(shop(), { ...common(url), ...options, identity: others.none })
  await expect(broken).rejects.toMatchObject({
    code: "backup-identity",
    message: expect.stringContaining("--identity is not a private age key"),
  })
  await expect(broken).rejects.not.toThrow("NOT-A-KEY")
  expect(await server.query(name, `SELECT datname FROM pg_database WHERE datname LIKE '${name}_restored%'`)).toEqual([])
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0003" }])
  const identity = dag.setSecret(`identity-${name}`, out)
  const done = await restoreSource(shop(), { ...common(url), ...options, identity })
  expect(done.outcome.kind, restoreScreen(done)).toBe("restored")
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])
  // what was decrypted for it is gone
  expect((await runScript(store.attach(client), `find ${store.folder} -name open`, newRun())).out).toBe("")
})

test.concurrent("a restore that was cut off between its two renames is put right by the next command", async () => {
  const { name, url } = await newShop(server)
  await server.query("postgres", `ALTER DATABASE ${name} RENAME TO ${name}_aside_20261122T093015`, "postgres")
  const result = await migrateShop(url)
  expect(result.outcome).toEqual({ kind: "migrated" })
  expect(result.warnings).toContainEqual(expect.stringContaining("it was renamed back"))
})

test.concurrent("a backup that was never restored says so, is restored by its name alone, and has every row counted then; even a database that was dropped comes back", async () => {
  const { name, url } = await newShop(server)
  const migrated = await migrateShop(url, {
    settings: (text) => `${text.replace("database:\n", "database:\n  rehearse: false\n")}    test: false\n`,
  })
  expect(migrated.outcome, screen(migrated)).toEqual({ kind: "migrated" })
  expect(migrated.steps.map(({ name: step }) => step)).toEqual([
    "preflight",
    "backup",
    "keep the backup",
    "upgrade",
    "validate",
  ])
  expect(migrated.backup).toMatchObject({ tested: false, rows: { payments: ROWS } })
  expect(screen(migrated)).toMatch(/warning: the backup was never restored[^]*\nbackup, never restored: /)
  const listed = await listSource(shop(), { ...common(url), check: false })
  expect(backupsScreen(listed, new Date())).toMatch(
    / never [^]*1 backup, none known to be damaged, 1 never restored\n$/,
  )

  const options = { backup: "", identity: undefined, maintenance: false, discardWrites: true }
  await expect(restoreSource(shop(), { ...common(url), ...options })).rejects.toMatchObject({
    code: "backup-unknown",
    message: expect.stringContaining(migrated.backup?.name ?? "none"),
  })
  const byName = { ...options, backup: migrated.backup?.name ?? "" }
  const store = volume("backups-tests", `${WHERE}/${name.replaceAll("_", "-")}`)
  const describe = async (rows: string) =>
    runScript(
      store.attach(await clientPrograms((await readSettings(shop())).database)),
      `cd ${store.folder}; sed -i -E 's/("orders": *)[0-9]+/\\1${rows}/' *.json`,
      newRun(),
    )
  await describe("1001")
  await expect(restoreSource(shop(), { ...common(url), ...byName })).rejects.toMatchObject({
    code: "restore-differs",
    message: expect.stringContaining("orders has 1000 rows, expected 1001"),
  })
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0003" }])
  await describe("1000")

  await server.query("postgres", `DROP DATABASE ${name} WITH (FORCE)`, "postgres")
  const done = await restoreSource(shop(), { ...common(url), ...byName, discardWrites: false })
  expect(done.outcome, restoreScreen(done)).toMatchObject({ kind: "restored", lost: 0 })
  expect(restoreScreen(done)).toContain(", never restored before, at 0002\n")
  expect(await server.query(name, "SELECT version_num FROM alembic_version")).toEqual([{ version_num: "0002" }])
  expect(await server.query(name, "SELECT count(*)::integer AS rows FROM payments")).toEqual([{ rows: ROWS }])
})
