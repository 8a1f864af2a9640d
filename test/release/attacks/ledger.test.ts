import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { parseSettings } from "../../../core/config/parse.js"
import { fileJournal } from "../../../core/ledger/journal-file.js"
import type { Ledger } from "../../../core/ledger/ledger.js"
import { lineStore } from "../../../core/ledger/logs/writer.js"
import { openLedger } from "../../../core/ledger/open.js"
import { ledgerStore } from "../../../core/ledger/samples/writer.js"
import { isGenuine } from "../../../core/notify/signature.js"
import { withSession } from "../../../core/release/session/session.js"
import { PostgresServer, removePrograms } from "../../database/postgres-server.js"
import { useEngine } from "../../engine/session.js"
import { LocalHost } from "../../unit/attacks/hosts.js"
import { tollgate } from "../../unit/ecpay-server.js"
import { httpServer } from "../../unit/notify-servers.js"
import { sampleOf } from "../../unit/picture-samples.js"
import { type SshServer, sshServer } from "../../unit/ssh-server.js"
import { context, finished, started } from "../ledger-samples.js"

useEngine()

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-ledger-attacks-"))
const WEBHOOK_SECRET = "hmac-secret-word-of-32-characters"
let server: PostgresServer
let host: LocalHost
let ssh: SshServer

beforeAll(async () => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")])
  host = new LocalHost("app1")
  // the host's docker is the stub of the unit tests; SSH, shell and files are real
  const bashrc = `export STATE=${host.folder} PATH=${host.folder}/bin:$PATH`
  ;[server, ssh] = await Promise.all([
    PostgresServer.start(),
    sshServer(folder, [readFileSync(join(folder, "key.pub"), "utf8")], bashrc),
  ])
  writeFileSync(
    join(folder, "tollgate.yaml"),
    `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
release: { name: shop }
ledger: { patience: 5s }
notifications: { webhook: {} }
environments:
  production:
    target:
      hosts: ["127.0.0.1:${ssh.port}"]
      folder: ${host.folder}
      knownHosts: "[127.0.0.1]:${ssh.port} ${ssh.hostKey}"
`,
  )
})
afterAll(async () => {
  ssh.close()
  host.remove()
  await server.stop()
  await removePrograms()
  rmSync(folder, { recursive: true, force: true })
})

const journal = () => fileJournal(join(folder, "journal"))
const open = (url: string, service = "shop"): Promise<Ledger> =>
  openLedger({ url, service, patience: 5, journal: journal(), need: "required", entryPoint: "cli" })
const asSuperuser = (database: string, sql: string) => server.query(database, sql, "postgres")

describe("someone who can alter the ledger's tables", () => {
  /** What a deployment does at its beginning and its end, on real connections. */
  async function release(url: string, webhook: string, command: "deploy" | "rollback" = "deploy") {
    const settings = parseSettings(readFileSync(join(folder, "tollgate.yaml"), "utf8"))
    const key = readFileSync(join(folder, "key"), "utf8")
    return await withSession(
      settings,
      {
        kind: "cli",
        running: () => Promise.resolve(null),
        reach: () => Promise.reject(new Error("hosts are reached over SSH")),
        journal,
      },
      {
        environment: "production",
        caller: { who: "Mei Lin", owner: "ci-1" },
        why: "weekly release",
        command,
        access: { ssh: { kind: "key", key: () => Promise.resolve(key), passphrase: null }, registry: null },
        ledger: url,
        notify: `NOTIFY_WEBHOOK_URL=${webhook}\nNOTIFY_WEBHOOK_SECRET=${WEBHOOK_SECRET}\n`,
        need: command === "deploy" ? "required" : "wanted",
        secrets: [],
      },
      async ({ claim, recorder, release, keepHead }) => {
        await claim()
        const { kind: _, ...what } = started()
        await recorder.begin(release, what)
        const head = await recorder.end("live", null, [], 1, { event: "success", told: {} })
        return { head, warnings: await keepHead(release, head) }
      },
    )
  }

  const verify = (url: string, ...args: string[]) =>
    tollgate(folder, ["ledger", "verify", "--env=production", "--ledger=env:LEDGER", ...args], {
      LEDGER: url,
      SSH_AUTH_SOCK: "",
      TOLLGATE_HOME: join(folder, "home"),
    })
  const lastLine = (text: string) => text.trimEnd().split("\n").at(-1)

  it("cannot cut off its end unseen: the target, the notification and the next release have its head", async () => {
    const url = await server.createDatabase("cut")
    const receiver = await httpServer()
    const first = await release(url, receiver.url)
    const second = await release(url, receiver.url)
    if (first.head === null || second.head === null) throw new Error("the ledger is online")
    expect([first.warnings, second.warnings]).toEqual([[], []])

    // the notification has the same head, and is signed
    const [, { body = "", headers = {} } = {}] = receiver.received
    const { ledgerHead } = z.object({ ledgerHead: z.string() }).parse(JSON.parse(body))
    expect(ledgerHead).toBe(`${second.head.number}:${second.head.hash.slice(0, 16)}`)
    const header = (name: string) => String(headers[`tollgate-${name}`])
    const timestamp = Number(header("timestamp"))
    const signed = { timestamp, delivery: header("delivery"), body, signature: header("signature") }
    expect(isGenuine(WEBHOOK_SECRET, signed, timestamp)).toBe(true)

    const whole = await verify(url, "--ssh-key=file:key", `--head=${ledgerHead}`)
    expect(whole.code, whole.out + whole.err).toBe(0)
    expect(whole.out).toContain("PASSED: the ledger contains 3 heads that were kept")
    expect(lastLine(whole.out)).toMatch(/^PASSED: hash chain of \d+ events verified/)

    await asSuperuser(
      "cut",
      `ALTER TABLE tollgate_ledger.events DISABLE TRIGGER ALL;
       DELETE FROM tollgate_ledger.events WHERE number > ${first.head.number + 1};
       ALTER TABLE tollgate_ledger.events ENABLE TRIGGER ALL`,
    )
    // the chain itself is whole
    const history = await tollgate(folder, ["history", "--env=production", "--ledger=env:LEDGER"], { LEDGER: url })
    expect([history.code, lastLine(history.out)]).toEqual([0, expect.stringMatching(/^PASSED: hash chain of/)])
    const byTarget = await verify(url, "--ssh-key=file:key")
    expect(byTarget.code).toBe(1)
    expect(byTarget.out).toContain("PASSED: the ledger contains 1 head that was kept")
    expect(byTarget.out.replace(/\s+/g, " ")).toMatch(
      new RegExp(
        `FAILED: the ledger ends at event ${first.head.number + 1}, before the head ${ledgerHead} \\(127\\.0\\.0\\.1:${ssh.port}, after release \\S+ on \\S+ \\S+ UTC\\): ${second.head.number - first.head.number - 1} events are missing $`,
      ),
    )
    const byHand = await verify(url, `--head=${ledgerHead}`)
    expect(byHand.code).toBe(1)
    expect(byHand.out.replace(/\s+/g, " ")).toContain("skipped: the heads on the target were not compared: No SSH key")
    expect(byHand.out).toContain(`before the head ${ledgerHead} (--head): `)
    // without a head nothing is claimed of it
    expect((await verify(url)).code).toBe(0)

    // a deployment is refused right after its claim; a rollback grows over the cut, and says so
    await expect(release(url, receiver.url)).rejects.toMatchObject({ code: "ledger-lost-events" })
    const back = await release(url, receiver.url, "rollback")
    expect(back.warnings).toEqual([expect.stringMatching(/^the ledger lost events: /)])
    await expect(release(url, receiver.url)).rejects.toMatchObject({ code: "ledger-lost-events" })
    const after = await verify(url, "--ssh-key=file:key")
    expect(after.code).toBe(1)
    expect(after.out).toMatch(/FAILED: (event \d+ has the hash|the ledger ends at event)/)

    // the documented way out of a ledger that was restored on purpose
    const heads = join(host.folder, "shop/heads")
    renameSync(heads, `${heads}.old`)
    expect((await release(url, receiver.url)).warnings).toEqual([])
    expect((await release(url, receiver.url)).warnings).toEqual([])
  })

  it("cannot put another ledger in its place", async () => {
    for (const file of ["fence", "heads"]) rmSync(join(host.folder, "shop", file))
    const receiver = await httpServer()
    const one = await server.createDatabase("one")
    const { head } = await release(one, receiver.url)
    const other = await server.createDatabase("other")
    const ledger = await open(other)
    for (let index = 0; index < 9; index += 1) await ledger.record(context({ release: `r${index}` }), started())
    await ledger.close()
    const verdict = await verify(other, `--head=${head?.number}:${head?.hash}`, "--json")
    expect(verdict.code).toBe(1)
    expect(JSON.parse(verdict.out)).toMatchObject({
      passed: false,
      heads: [{ kind: "differs" }],
      chain: { kind: "whole" },
    })
  })
})

describe("tollgate deploy while another run holds the lease", () => {
  it("ends with exit code 1, and says who holds it and what to do", async () => {
    const url = await server.createDatabase("held")
    const ledger = await open(url)
    const other = { run: "run-1", owner: "ci-1", command: "deploy", who: "Mei Lin", seconds: 600 }
    const lease = await ledger.takeLease({ environment: "production", ...other })
    try {
      const typed = ["deploy", "--env=production", "--version=1.4.0", "--ledger=env:LEDGER", "--ssh-key=file:key"]
      const { code, err } = await tollgate(folder, typed, { LEDGER: url, SSH_AUTH_SOCK: "" })
      expect(code, err).toBe(1)
      expect(err).toContain("✗ lease-held")
      expect(err.replace(/\s+/g, " ")).toMatch(
        /production is locked by another run: deploy by Mei Lin\. .*Nothing was changed\. Wait for that run to finish\./,
      )
    } finally {
      await lease.release()
      await ledger.close()
    }
  })
})

describe("a role of one service", () => {
  /** As docs/ledger.md has it. */
  const [, SQL = ""] = /```sql\n(-- once[^]*?)```/.exec(readFileSync(join(ROOT, "docs/ledger.md"), "utf8")) ?? []
  let url = ""
  const lease = (run: string) => ({
    environment: "production",
    run,
    owner: "ci-1",
    command: "deploy",
    who: "Mei Lin",
    seconds: 30,
  })
  const as = (name: string) => url.replace(/\/\/[^@]*@/, `//${name}:${encodeURIComponent("…")}@`)
  const query = async (sql: string, role = "tollgate_shop") =>
    asSuperuser("roles", `SET SESSION AUTHORIZATION ${role}; ${sql}`)

  beforeAll(async () => {
    url = await server.createDatabase("roles")
    const owner = await open(url, "blog")
    await (await owner.takeLease(lease("blog-1"))).release()
    await owner.record(context({ service: "blog", release: "b1" }), started())
    await owner.close()
    await asSuperuser("roles", SQL)
  })

  it("does all that its own service needs, and reads and verifies the whole", async () => {
    const ledger = await open(as("tollgate_shop"))
    const held = await ledger.takeLease(lease("shop-1"))
    const of = context({ release: "s1", token: held.token })
    await ledger.record(of, started())
    await ledger.record(of, finished())
    await held.raise(40, "the target had seen 40")
    await held.requireHeld()
    expect(await ledger.recordOnce(context({ release: "s2" }), started(), crypto.randomUUID())).toBe(true)
    await held.release()
    const store = ledgerStore(as("tollgate_shop"), 30)
    const owner = { service: "shop", environment: "production", release: "s1", run: "shop-1" }
    await store.write(owner, [sampleOf("errors", 0.5, 5)])
    await store.close()
    const lines = lineStore(as("tollgate_shop"), 30)
    const said = { side: "new", version: "1", place: "app1", process: "web", stream: "out", lines: 1 } as const
    await lines.write(owner, [{ ...said, at: new Date().toISOString(), text: "paid" }])
    await lines.close()
    expect(await ledger.releases("production", 5)).toHaveLength(2)
    expect(await ledger.verify()).toMatchObject({ kind: "whole" })
    await ledger.close()
  })

  it("writes nothing for another service", async () => {
    const ledger = await open(as("tollgate_shop"), "blog")
    const refused = { code: "ledger-rights", message: expect.stringContaining("may not do this for the service blog") }
    await expect(ledger.takeLease(lease("shop-2"))).rejects.toMatchObject(refused)
    await expect(ledger.unlock("production", { reason: "mine", run: "shop-2", who: "Mei Lin" })).rejects.toMatchObject({
      code: "lease-free",
    })
    await expect(ledger.recordOnce(context({ service: "blog" }), started(), crypto.randomUUID())).rejects.toMatchObject(
      refused,
    )
    await ledger.close()
  })

  it.each([
    [
      "an event of another service",
      "INSERT INTO tollgate_ledger.events (body, journaled) SELECT body, false FROM tollgate_ledger.events WHERE service = 'blog' LIMIT 1",
      /row-level security/,
    ],
    [
      "a lease of another service",
      "INSERT INTO tollgate_ledger.leases (service, environment) VALUES ('blog', 'staging')",
      /row-level security/,
    ],
    [
      "a sample of another service",
      "INSERT INTO tollgate_ledger.samples (service, environment, release, run, metric, phase, since, at, beyond, least) VALUES ('blog', 'production', 'b1', 'x', 'errors', 'watch', now(), now(), false, 0)",
      /row-level security/,
    ],
    [
      "a log line of another service",
      "INSERT INTO tollgate_ledger.log_lines (service, environment, release, run, side, version, place, process, stream, at, text, lines) VALUES ('blog', 'production', 'b1', 'x', 'new', '', '', '', 'out', now(), 'x', 1)",
      /row-level security/,
    ],
    [
      "its own lease, given to another service",
      "UPDATE tollgate_ledger.leases SET service = 'blog' WHERE service = 'shop'",
      /row-level security|never goes down/,
    ],
    ["events without policies", "SET row_security = off; TABLE tollgate_ledger.events", /row-level security/],
    ["the policies", "ALTER TABLE tollgate_ledger.events DISABLE ROW LEVEL SECURITY", /must be owner/],
    ["a later layout", "COMMENT ON SCHEMA tollgate_ledger IS 'x'", /must be owner/],
  ])("is refused %s in SQL", async (_, sql, why) => {
    await expect(query(sql)).rejects.toThrow(why)
  })

  it("reads no log line of another service in SQL", async () => {
    await asSuperuser(
      "roles",
      "INSERT INTO tollgate_ledger.log_lines (service, environment, release, run, side, version, place, process, stream, at, text, lines) SELECT s, 'production', 'r', 'x', 'new', '', '', '', 'out', now(), s, 1 FROM unnest(ARRAY['shop', 'blog']) AS s",
    )
    expect(await query("SELECT DISTINCT service FROM tollgate_ledger.log_lines")).toEqual([{ service: "shop" }])
  })

  it("changes no lease of another service in SQL", async () => {
    await query("UPDATE tollgate_ledger.leases SET token = token + 100 WHERE service = 'blog'")
    const tokens = await asSuperuser("roles", "SELECT token::int FROM tollgate_ledger.leases WHERE service = 'blog'")
    expect(tokens).toEqual([{ token: 1 }])
  })
})
