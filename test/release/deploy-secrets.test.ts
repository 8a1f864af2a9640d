import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseDocument } from "yaml"
import { parseSettings } from "../../core/config/parse.js"
import { openLedger } from "../../core/ledger/open.js"
import { newApprovalKey } from "../../core/release/approval/key.js"
import { leaksIn, SECRET, watchProcesses } from "../engine/leaks.js"
import { useEngine } from "../engine/session.js"
import { onLoopback } from "../loopback.js"
import { MemoryJournal } from "./deployments.js"
import { onHost } from "./host.js"
import { type LiveEnvironment, liveEnvironment } from "./live-environment.js"
import { adoptFirstIn } from "./policies.js"

useEngine()

/** One for each way in. */
const SECRETS: Record<string, string> = {
  SHOP_KEY: `${SECRET}-service`,
  HOOK_URL: "hook-5f0e3c77aa",
  HOOK_SECRET: `${SECRET}-hook-that-is-long-enough`,
}

/** Values that are also words of Tollgate: the environment, the service, a step, a kind of event, an outcome. */
const WORDS = "ENVIRONMENT=live\nSERVICE=shop\nNEXT=switch\nSTAGE=release-finished\nLAST=rolled-back"

/** The service's key as somebody may quote it: in a form that leaksIn does not look for, because the command line has it. */
const QUOTED = Buffer.from(SECRETS["SHOP_KEY"] ?? "")
  .toString("hex")
  .replace(/../g, "%$&")

let live: LiveEnvironment
let notify = ""
const told: string[] = []
const hooks = createServer((request, response) => {
  request.on("data", (chunk: Buffer) => told.push(chunk.toString()))
  request.on("end", () => response.end("ok"))
})
beforeAll(async () => {
  live = await liveEnvironment("test-faults", fileURLToPath(new URL("fixtures/deploy/", import.meta.url)), (settings) =>
    settings.setIn(["notifications", "webhook"], { url: "HOOK_URL", secret: "HOOK_SECRET" }),
  )
  const { registryPassword, clientKey } = live.sandbox.identity
  SECRETS["REGISTRY_AND_LEDGER_PASSWORD"] = registryPassword
  SECRETS["SSH_KEY"] = clientKey.split("\n")[3] ?? ""
  for (const value of Object.values(SECRETS)) if (value.length < 12) throw new Error("too short to look for")
  // a service that says what it should not when its payment fails
  const serve = join(live.source, "serve.py")
  writeFileSync(
    serve,
    readFileSync(serve, "utf8").replace(
      'print(f"payment failed in {VERSION}"',
      "print(f\"payment failed with {os.environ['SHOP_KEY']}\"",
    ),
  )
  const port = await onLoopback(hooks)
  notify = `--notify=${live.file("notify.env", `HOOK_URL=http://127.0.0.1:${port}/${SECRETS["HOOK_URL"]}\nHOOK_SECRET='${SECRETS["HOOK_SECRET"]}'\n`)}`
})
afterAll(async () => {
  hooks.close()
  await live.close()
})

test("deployments and rollbacks over SSH let no secret out: not to the terminal, the host's Docker, a list of processes, the ledger or a message", async () => {
  const { tollgate, sandbox, publishing } = live
  const environment = (mode: string) =>
    `--secrets=${live.file(`${mode}.env`, `MODE=${mode}\nSHOP_KEY='${SECRETS["SHOP_KEY"]}'\n${WORDS}\n`)}`
  const stopWatching = watchProcesses()
  const ran = [
    await tollgate("deploy", "--version=s1", environment(""), notify, ...publishing),
    await tollgate("deploy", "--version=s2", environment("smoke-fails"), notify, ...publishing),
    await tollgate("deploy", "--version=s3", environment(""), notify, ...publishing, "--json"),
    await tollgate("rollback", `--reason=a test of ${QUOTED}`, environment(""), notify),
    await tollgate("history"),
    await tollgate("status", "--json"),
  ]
  const processes = stopWatching()
  const [first, second, third, back, listed, status] = ran
  // each got as far as the secrets: one that ended before would prove nothing
  expect(first?.out, first?.out).toMatch(/\nLIVE: shop s1 /)
  expect(second?.out).toMatch(
    /last log lines:[\s\S]*payment failed with [\s\S]*\nFAILED: s2 was not deployed to live; s1 \([0-9a-f]{12}\) is serving\n$/,
  )
  expect(third?.out).toMatch(/"environment": "live"[\s\S]*"outcome": "live"[\s\S]*"name": "switch"/)
  expect(status?.out).toMatch(/"environment": "live"/)
  expect(back?.out).toMatch(/\nROLLED BACK: shop s1 /)
  expect(listed?.out).toMatch(/ FAILED [\s\S]*pay at \S+ GET \/pay answered 500/)
  expect(ran.map(({ code }) => code)).toEqual([0, 1, 0, 0, 0, 0])
  expect(told.length).toBeGreaterThanOrEqual(7)

  const shown: [name: string, text: string][] = [
    ["docker inspect", await onHost(sandbox, "docker inspect $(docker ps -aq)")],
    [
      "docker image inspect",
      await onHost(
        sandbox,
        "docker image inspect $(docker images -q); docker image history --no-trunc $(docker images -q registry:5000/shop | head -1)",
      ),
    ],
    ["processes of the host", await onHost(sandbox, "ps axww -o args; docker ps -a --no-trunc")],
    [
      "what is left on the host",
      await onHost(
        sandbox,
        "ls -laR /var/lib/tollgate/ /dev/shm /tmp; cat /root/.docker/config.json 2>/dev/null; true",
      ),
    ],
    ["the ledger's rows", await onHost(sandbox, "docker exec postgres pg_dump -U app --inserts tollgate")],
  ]
  expect(Object.fromEntries(shown)["the ledger's rows"]).toContain("release-finished")
  expect(Object.fromEntries(shown)["docker inspect"]).toContain("shop-web-")
  const messages: [string, string] = ["messages", told.join("\n")]
  expect(
    leaksIn(
      [...ran.map(({ command, out }): [string, string] => [command, out]), ...shown, ...processes, messages],
      SECRETS,
    ),
  ).toEqual([])
  const rows = Object.fromEntries(shown)["the ledger's rows"] ?? ""
  expect(rows).toContain("a test of ***")
  // the log of the release that failed was read once more before it was removed
  expect(rows).toMatch(/^INSERT INTO tollgate_ledger\.log_lines .*'new', 's2', .*'payment failed with \*\*\*'/m)
  for (const text of [rows, told.join("\n"), ...ran.map(({ out }) => out)]) expect(text).not.toContain(QUOTED)
  // the host does hold it, in the one file that root and the service alone can read: the search finds what is there
  const file = await onHost(
    sandbox,
    "cat /var/lib/tollgate/shop/releases/*/inside/environment; stat -L -c 'mode %a %u' /var/lib/tollgate/shop/releases/*/inside/environment",
  )
  expect(leaksIn([["the file", file]], { SHOP_KEY: SECRETS["SHOP_KEY"] ?? "" })).toContain(
    "the file has SHOP_KEY as it is",
  )
  expect(new Set(file.match(/^mode .*$/gm))).toEqual(new Set(["mode 400 10001"]))
})

test("as it is typed, a deployment that lacks approvals ends with 3, and one whose break-glass no approver signed with 1", async () => {
  const { tollgate, source, ledgerUrl, publishing } = live
  const mei = newApprovalKey(null)
  const path = join(source, "tollgate.yaml")
  const written = parseDocument(readFileSync(path, "utf8"))
  written.setIn(["environments", "live", "approvals"], {
    required: 1,
    keys: [{ name: "Mei Lin", key: mei.publicKey }],
  })
  writeFileSync(path, written.toString())
  const ledger = await openLedger({
    url: ledgerUrl,
    service: "shop",
    patience: 60,
    journal: new MemoryJournal(),
    need: "required",
    entryPoint: "cli",
  })
  await adoptFirstIn(ledger, parseSettings(written.toString()), "live", [{ name: "Mei Lin", ...mei }])
  await ledger.close()

  const values = `--secrets=${live.file("approved.env", `MODE=\nSHOP_KEY='${SECRETS["SHOP_KEY"]}'\n${WORDS}\n`)}`
  const deploy = (...words: string[]) => tollgate("deploy", "--version=s4", values, ...publishing, ...words)
  const waiting = await deploy()
  expect(waiting.code, waiting.out).toBe(3)
  expect(waiting.out).toMatch(/\nWAITING: s4 needs approvals of plan \S+ for live; s1 \([0-9a-f]{12}\) is serving\n$/)
  const glass = await deploy("--break-glass=customers cannot pay")
  expect(glass.code, glass.out).toBe(1)
  expect(glass.out.replace(/\s+/g, " ")).toContain("--break-glass needs the signature of a key")
  expect(glass.out).toMatch(/\nFAILED: nothing was changed in live; s1 \([0-9a-f]{12}\) is serving\n$/)
})
