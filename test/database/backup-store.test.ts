import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { backup as backupSettings } from "../../core/config/backup.js"
import type { BackupFile } from "../../core/database/backup/backup-file.js"
import { runScript } from "../../core/database/backup/programs.js"
import { folderStore } from "../../core/database/backup/store-folder.js"
import { type Store, volume } from "../../core/database/backup/store-places.js"
import { s3Store } from "../../core/database/backup/store-s3.js"
import { useEngine } from "../engine/session.js"
import { newRun } from "./migration-shop.js"
import { S3Server } from "./s3-server.js"

useEngine()

let server: S3Server

beforeAll(async () => {
  server = await S3Server.start()
})

afterAll(async () => {
  await server.stop()
})

const client = () => dag.container().from("postgres:15")
const nonce = newRun

interface Reached {
  to?: string
  url?: string
  secret?: string
}

function bucket(
  place: string,
  { to = "s3://backups/tests", url = server.url, secret = S3Server.secret }: Reached = {},
): Promise<Store> {
  const settings = backupSettings.parse({
    to,
    s3: { endpoint: url, region: "eu-test-1" },
    encryptTo: [`age1${"q".repeat(58)}`],
  })
  const bundle = dag.setSecret(
    `bundle-${newRun()}`,
    `BACKUP_ACCESS_KEY_ID=${S3Server.keyId}\nBACKUP_SECRET_ACCESS_KEY="${secret}"\n`,
  )
  return s3Store(settings, bundle, "cli", place)
}

const stores: [name: string, open: (place: string) => Promise<Store>][] = [
  [
    "a folder of the engine",
    (place) => Promise.resolve(folderStore(client(), "a folder", volume("backups-contract", place))),
  ],
  ["S3", (place) => bucket(place)],
]

const place = (database = "payments"): string => `test-${newRun().toLowerCase()}/${database}`

/** A file of so many random bytes in the workplace, where a dump would be. */
async function made(store: Store, bytes: number): Promise<{ path: string; file: BackupFile }> {
  const createdAt = new Date(Date.now() + 1000 * (count += 1)).toISOString()
  const name = `${createdAt.replace(/[-:.]/g, "")}_payments_0001`
  const path = `${store.work.folder}/${name}/dump`
  const { out } = await runScript(
    store.work.attach(client()),
    `mkdir -p $(dirname ${path}); head -c ${bytes} /dev/urandom > ${path}; sha256sum < ${path} | cut -d' ' -f1`,
    nonce(),
  )
  const file: BackupFile = {
    format: 1,
    name,
    environment: "test",
    database: "payments",
    createdAt,
    run: "r",
    revision: ["0001"],
    serverVersion: "15",
    file: `${name}.dump`,
    bytes,
    sha256: out.trim(),
    encrypted: false,
    versionTable: { name: "alembic_version", schema: null },
    rows: { payments: 1 },
    snapshot: "1:1:",
    tested: true,
  }
  return { path, file }
}

let count = 0

/** What a path holds in a container that has the workplace. */
async function read(store: Store, path: string): Promise<string> {
  return (await runScript(store.work.attach(client()), `sha256sum < ${path} | cut -d' ' -f1`, nonce())).out.trim()
}

describe.each(stores)("backups in %s", (_, open) => {
  test("are listed, read, restored and removed; an unfinished one is not a backup", async () => {
    const at = place()
    const store = await open(at)
    expect(await store.contents(nonce())).toMatchObject({ backups: [], strays: [] })

    const [older, newer] = [await made(store, 3000), await made(store, 4000)]
    await store.put(older.path, older.file, nonce())
    await store.put(newer.path, newer.file, nonce())
    const { backups, sizes, strays } = await store.contents(nonce())
    expect({ backups, strays }).toEqual({ backups: [newer.file, older.file], strays: [] })
    expect(sizes.get(newer.file.file)).toBe(4000)
    expect(
      await store.digests([older.file.file, "20200101T000000000Z_payments_0001.dump", newer.file.file], nonce()),
    ).toEqual([older.file.sha256, null, newer.file.sha256])
    expect(await read(store, await store.bring(older.file, nonce()))).toBe(older.file.sha256)

    // a database whose name begins alike has backups of its own
    expect((await (await open(`${at}_two`)).contents(nonce())).backups).toEqual([])

    expect(await store.remove([`${older.file.name}.json`], nonce())).toEqual([])
    expect(await store.contents(nonce())).toMatchObject({ backups: [newer.file], strays: [older.file.file] })
    await expect(
      store.bring({ ...newer.file, file: "20200101T000000000Z_payments_0001.dump" }, nonce()),
    ).rejects.toMatchObject({ code: "backup-damaged" })
  })

  test("are not kept when what is read back is something else", async () => {
    const store = await open(place())
    const { path, file } = await made(store, 2000)
    await expect(store.put(path, { ...file, sha256: "a".repeat(64) }, nonce())).rejects.toMatchObject({
      code: "backup-differs",
    })
    expect(await store.contents(nonce())).toEqual({ backups: [], sizes: new Map(), strays: [] })
  })
})

describe("backups in S3", () => {
  test("are sent in parts when they are large, and are on the server as they were; damaged there, they are not brought back", async () => {
    const at = place()
    const store = await bucket(at)
    const { path, file } = await made(store, 40 << 20)
    await store.put(path, file, nonce())
    const stored = join(server.bucket("backups"), "tests", at, file.file)
    expect(createHash("sha256").update(readFileSync(stored)).digest("hex")).toBe(file.sha256)
    await store.bring(file, nonce())

    writeFileSync(stored, "x", { flag: "r+" })
    expect(await store.digests([file.file], nonce())).not.toEqual([file.sha256])
    await expect(store.bring(file, nonce())).rejects.toMatchObject({ code: "backup-damaged" })
    truncateSync(stored, 1 << 20)
    expect((await store.contents(nonce())).sizes.get(file.file)).toBe(1 << 20)
    await expect(store.bring(file, nonce())).rejects.toMatchObject({ code: "backup-damaged" })
  })

  test("are no backups when the connection breaks while they are sent; the next one tidies up", async () => {
    const at = place()
    const parts = () => server.files().filter((name) => name.startsWith(".sgwtmp/multipart/"))
    // Parts are sent side by side, and the backup is whole only with a request after the last of them: that one is never let through.
    const way = await server.cutWhen(() => parts().length > 0)
    const cut = await bucket(at, { url: way.url })
    const { path, file } = await made(cut, 40 << 20)
    await expect(cut.put(path, file, nonce())).rejects.toMatchObject({ code: "backup-unreachable" })
    way.close()
    const store = await bucket(at)
    expect(await store.contents(nonce())).toEqual({ backups: [], sizes: new Map(), strays: [] })
    expect(parts()).not.toEqual([])

    const next = await made(store, 1000)
    await store.put(next.path, next.file, nonce())
    expect(parts()).toEqual([])
    expect((await store.contents(nonce())).backups).toEqual([next.file])
  })

  test("are all found where there are more than one page of them", async () => {
    const at = place()
    const folder = join(server.bucket("backups"), "tests", at)
    mkdirSync(folder, { recursive: true })
    for (let n = 0; n < 1100; n += 1)
      writeFileSync(join(folder, `20200101T000000${String(n).padStart(3, "0").slice(-3)}Z_p${n}_0001.dump`), "")
    expect((await (await bucket(at)).contents(nonce())).strays).toHaveLength(1100)
  })

  test.each<[string, () => Promise<Store>, string]>([
    ["the secret key is wrong", () => bucket(place(), { secret: "wr0ng/secret+of-the=test" }), "backup-login"],
    ["there is no such bucket", () => bucket(place(), { to: "s3://no-such-bucket/tests" }), "backup-bucket"],
    ["nothing listens there", () => bucket(place(), { url: "http://127.0.0.1:9" }), "backup-unreachable"],
  ])("cannot be had when %s, which the error says without the keys", async (_, open, code) => {
    const store = await open()
    const failed: unknown = await store.contents(nonce()).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code })
    const { path, file } = await made(store, 100)
    await expect(store.put(path, file, nonce())).rejects.toMatchObject({ code })
    for (const secret of [S3Server.keyId, S3Server.secret, "wr0ng/secret"]) expect(String(failed)).not.toContain(secret)
    expect(existsSync(join(server.bucket("backups"), "tests", file.file))).toBe(false)
  })
})
