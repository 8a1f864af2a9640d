import { describe, expect, it } from "vitest"
import { backup } from "../../core/config/backup.js"
import type { BackupFile } from "../../core/database/backup/backup-file.js"
import { s3Problem, said } from "../../core/database/backup/s3-problem.js"
import { contentsOf } from "../../core/database/backup/store-contents.js"

const NAME = "20261122T093015123Z_payments_0008"

const described = (changes: Partial<BackupFile> = {}): string =>
  JSON.stringify({
    format: 1,
    name: NAME,
    environment: "e",
    database: "d",
    createdAt: "2026-11-22T09:30:15.123Z",
    run: "r",
    revision: ["0008"],
    serverVersion: "15",
    file: `${NAME}.dump`,
    bytes: 10,
    sha256: "a".repeat(64),
    encrypted: false,
    versionTable: { name: "alembic_version", schema: null },
    rows: {},
    snapshot: "1:1:",
    tested: true,
    ...changes,
  })

describe("what a store holds", () => {
  const objects = [`${NAME}.dump`, `${NAME}.json`].map((name) => ({ name, bytes: 10 }))

  it("is a backup when it is described, and its files are no strays", () => {
    const { backups, strays, sizes } = contentsOf(objects, [{ name: `${NAME}.json`, text: described() }])
    expect(backups.map(({ name }) => name)).toEqual([NAME])
    expect(strays).toEqual([])
    expect(sizes.get(`${NAME}.dump`)).toBe(10)
  })

  it.each([
    ["no JSON", "{"],
    ["a description of another backup", described({ name: "20261122T093015124Z_payments_0008" })],
    ["a name that a shell would run", described({ name: "$(reboot)" })],
    ["a file in another folder", described({ file: "../../other/x.dump" })],
    ["a file that a shell would run", described({ file: "x;reboot;.dump" })],
    ["no checksum", described({ sha256: "" })],
  ])("is no backup when its description is %s; its files are left alone", (_, text) => {
    const { backups, strays } = contentsOf(objects, [{ name: `${NAME}.json`, text }])
    expect({ backups, strays }).toEqual({ backups: [], strays: [] })
  })

  it("has strays where a pipeline was killed, told from what others keep there", () => {
    const left = [
      `${NAME}.dump.age`,
      `${NAME}.dump.part`,
      `${NAME}.json.part`,
      "notes.txt",
      "old.dump",
      "20261122_payments.dump",
    ]
    expect(
      contentsOf(
        left.map((name) => ({ name, bytes: 1 })),
        [],
      ).strays,
    ).toEqual(left.slice(0, 3))
    expect(
      contentsOf([...objects, { name: `${NAME}.dump.part`, bytes: 1 }], [{ name: `${NAME}.json`, text: described() }])
        .strays,
    ).toEqual([`${NAME}.dump.part`])
  })
})

describe("where backups go", () => {
  const problems = (input: unknown): string[] =>
    backup.safeParse(input).error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? []

  it("is a folder of the engine, or a bucket and a prefix in it", () => {
    for (const to of ["directory:payments", "s3://acme-backups", "s3://acme-backups/tollgate/payments"])
      expect(problems({ to })).toEqual([])
  })

  it.each([
    "s3://",
    "s3://ab",
    "s3://Acme/x",
    "s3://acme-backups/",
    "s3://acme/../x",
    "s3://acme/a b",
    "https://acme/x",
    "/var/backups",
  ])("is not %s", (to) => {
    expect(problems({ to })).toEqual([expect.stringContaining("to expected directory:NAME or s3://BUCKET/PREFIX")])
  })

  it("does not send backups through a network in the clear, unless they are encrypted or go to this machine", () => {
    const to = "s3://acme-backups"
    const recipient = `age1${"q".repeat(58)}`
    expect(problems({ to, s3: { endpoint: "http://minio.internal:9000" } })).toEqual([
      expect.stringContaining("s3.endpoint would send backups through the network unencrypted"),
    ])
    expect(problems({ to, s3: { endpoint: "http://127.0.0.1.example.com" } })).toHaveLength(1)
    expect(problems({ to, s3: { endpoint: "http://minio.internal:9000" }, encryptTo: [recipient] })).toEqual([])
    for (const endpoint of [
      "https://minio.internal:9000",
      "http://127.0.0.1:9000",
      "http://localhost:9000",
      "http://[::1]:9000",
    ])
      expect(problems({ to, s3: { endpoint } })).toEqual([])
  })
})

describe("why storage did not do it", () => {
  const s3 = backup.parse({
    to: "s3://acme-backups",
    s3: { endpoint: "https://s3.example.com", secretAccessKey: "SECRET_NAME" },
  }).s3
  const problem = (code: string, message = "") =>
    s3Problem({ code, message, operation: "PutObject" }, "acme-backups", s3)

  it.each([
    ["SignatureDoesNotMatch", "backup-login", "Correct BACKUP_ACCESS_KEY_ID and SECRET_NAME in --secrets."],
    ["InvalidAccessKeyId", "backup-login", "refuses the credentials"],
    ["AccessDenied", "backup-denied", "denies this key PutObject in the bucket acme-backups"],
    ["NoSuchBucket", "backup-bucket", "There is no bucket acme-backups at https://s3.example.com"],
    ["PermanentRedirect", "backup-region", "is not in the region us-east-1"],
    ["Connection", "backup-unreachable", "cannot be reached"],
    ["SlowDown", "backup-store", "SlowDown"],
  ])("%s", (code, name, text) => {
    expect(problem(code)).toMatchObject({ code: name, message: expect.stringContaining(text) })
  })

  it("is distinguished from an answer", () => {
    expect(said.parse({ answer: {} })).toEqual({ answer: {} })
    expect(said.parse({ error: { code: "x", message: "", operation: "" } })).toHaveProperty("error.code", "x")
    expect(() => said.parse({})).toThrow()
  })
})
