import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { parseDocument } from "yaml"
import { parseSettings } from "../../core/config/parse.js"
import type { Settings } from "../../core/config/schema.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { planSha256 } from "../../core/release/plan/plan-id.js"
import { ask } from "../../core/requests/ask.js"
import { REQUEST_KINDS, type RequestState, requestsOf } from "../../core/requests/fold.js"
import type { RequestAction } from "../../core/requests/request.js"
import { mark } from "../../core/runner/left-behind.js"
import { useEngine } from "../engine/session.js"
import { MemoryJournal } from "./deployments.js"
import { when } from "./faults.js"
import { liveVersion, onHost } from "./host.js"
import { type LiveEnvironment, liveEnvironment, type Process } from "./live-environment.js"
import { adoptFirstIn } from "./policies.js"

useEngine()

/** A runner as a process, which deploys for a request, and ends in the middle as if its machine had lost its power. */

const MEI = newApprovalKey(null)

let live: LiveEnvironment
let settings: Settings
let ledger: Ledger
let action: RequestAction
const processes: Process[] = []

beforeAll(async () => {
  live = await liveEnvironment("test-faults", fileURLToPath(new URL("fixtures/deploy/", import.meta.url)), (written) =>
    written.setIn(["release", "monitor", "window"], "1s"),
  )
  git("init", "--quiet", "--initial-branch=main")
  commit()
  const first = await live.tollgate("deploy", "--version=1", ...means())
  expect(first.code, first.out).toBe(0)
  settings = operated()
  const { service } = settings.ledger
  const journal = new MemoryJournal()
  ledger = await openLedger({
    url: live.ledgerUrl,
    service,
    patience: 30,
    journal,
    need: "required",
    entryPoint: "cli",
  })
  await adoptFirstIn(ledger, settings, "live", [])
  action = await planned()
})

afterEach(({ task }) => {
  if (task.result?.state === "fail") for (const one of processes) console.log(one.text())
})

afterAll(async () => {
  for (const one of processes) await one.kill()
  await ledger.close()
  await live.close()
})

function git(...args: string[]): string {
  const who = ["-c", "user.name=Bo Chen", "-c", "user.email=bo@shop.example"]
  return execFileSync("git", ["-C", live.source, ...who, ...args], { encoding: "utf8" })
}

function commit(): void {
  git("add", "--all")
  git("commit", "--quiet", "--message=a version")
}

function means(): string[] {
  return [`--secrets=${live.file("secrets.env", "MODE=\nSHOP_KEY=a-key-of-the-shop\n")}`, ...live.publishing]
}

/** The settings with an operator, and a watch that only an interruption ends. */
function operated(): Settings {
  const path = join(live.source, "tollgate.yaml")
  const written = parseDocument(readFileSync(path, "utf8"))
  written.setIn(["environments", "live", "operators"], [{ name: "Mei Lin", key: MEI.publicKey }])
  written.setIn(["release", "monitor", "window"], "10m")
  writeFileSync(path, written.toString())
  commit()
  return parseSettings(written.toString())
}

/** One plan for all: none of its deployments stays. */
async function planned(): Promise<RequestAction> {
  const file = live.file("plan.json", "").replace("file:", "")
  const made = await live.tollgate("plan", "--version=2", `--out=${file}`, ...means())
  expect(made.code, made.out).toBe(0)
  const plan = JSON.parse(readFileSync(file, "utf8"))
  const revision = git("rev-parse", "HEAD").trim()
  return { kind: "deploy", planId: plan.id, planSha256: planSha256(plan), version: "2", revision }
}

async function requested(): Promise<string> {
  const key = readPrivateKey(MEI.privatePem, null)
  const file = await ask(settings, { environment: "live", key, reason: "reviewed", action }, ledger)
  return file.statement.id
}

function runner(): Process {
  const one = live.start("runner", ...means())
  processes.push(one)
  return one
}

/** As if the time of the leases of a runner that is gone were over. */
async function leasesExpire(): Promise<void> {
  const expire = "update tollgate_ledger.leases set expires_at = clock_timestamp() where run is not null"
  await onHost(live.sandbox, `docker exec postgres psql -U app -d tollgate -qc "${expire}"`)
}

async function anotherRunner(): Promise<void> {
  await leasesExpire()
  const { code, out } = await live.tollgate("runner", "--once", ...means())
  expect(code, out).toBe(0)
}

const stateOf = async (id: string): Promise<RequestState | undefined> =>
  requestsOf(await ledger.eventsOfKinds("live", REQUEST_KINDS, 0)).find((one) => one.id === id)?.state

const RELEASES = `docker ps -a --filter label=tollgate.service=shop --format '{{.Names}} {{.Label "tollgate.job"}}'`

/** What holds after every kill: version 1 serves, alone, and the request was answered once, by what the ledger says too. */
async function requireUndone(id: string, expected: { outcome: string | null; note: RegExp }): Promise<void> {
  expect(await stateOf(id)).toMatchObject({
    kind: "finished",
    outcome: "interrupted",
    note: expect.stringMatching(expected.note),
  })
  const deployments = (await ledger.releases("live", 20)).filter(({ why }) => why.endsWith(mark({ id })))
  expect(deployments.map(({ outcome }) => outcome)).toEqual(expected.outcome === null ? [] : [expected.outcome])
  expect(await ledger.holder("live")).toBeNull()
  expect(await liveVersion(live.sandbox)).toBe("200 1")
  const [first] = (await ledger.releases("live", 20)).slice(-1)
  // a migration that had begun comes to its end
  const there = (await onHost(live.sandbox, RELEASES)).trim().split("\n")
  const left = there.filter((line) => /^\S+ *$/.test(line)).map((line) => line.trim())
  expect(left.sort()).toEqual([`shop-web-${first?.id}`, `shop-worker-${first?.id}`])
  expect(await ledger.verify()).toMatchObject({ kind: "whole" })
}

/** Kills it when it prints this. */
const atLine = (line: RegExp) => async (one: Process) => {
  await one.printed(line)
  await one.kill()
}

/** Kills it while the host is about to run a docker command with these words, which then goes on. */
const atCommand = (words: string) => async (one: Process) => {
  let isKilled: () => void = () => undefined
  const killed = new Promise<void>((done) => (isKilled = done))
  const sprung = await when(live.sandbox, words, () => one.kill().then(isKilled))
  await killed
  expect(await sprung()).toBe(true)
}

const NOTHING = /was killed; the ledger has no change by it; it is not retried/
const undoneAt = (step: string, outcome: string) =>
  new RegExp(`was killed; it is not retried.*\\n${outcome}; 1 is serving\\nThe run was killed in the step ${step}\\.$`)

test.each([
  ["after it took the request", atLine(/deploy by Mei Lin/), null, NOTHING],
  ["in image", atLine(/image: started/), null, NOTHING],
  ["in migrate", atCommand("run --detach"), "failed", undoneAt("migrate", "failed")],
  ["in start", atCommand("start shop-web"), "failed", undoneAt("start", "failed")],
  ["in switch", atCommand("kamal-proxy deploy"), "failed", undoneAt("switch", "failed")],
  ["in watch", atLine(/watch: started/), "rolled-back", undoneAt("watch", "rolled-back")],
])(
  "when a runner is killed %s, another one undoes the deployment, and says so once",
  async (_, kill, outcome, note) => {
    const id = await requested()
    await kill(runner())
    await anotherRunner()
    await requireUndone(id, { outcome, note })
  },
)

test("a runner that was only stopped changes nothing when it goes on after another one has taken over", async () => {
  const id = await requested()
  const first = runner()
  await first.printed(/watch: started/)
  first.signal("SIGSTOP")
  await anotherRunner()
  const expected = { outcome: "rolled-back", note: undoneAt("watch", "rolled-back") }
  await requireUndone(id, expected)
  first.signal("SIGCONT")
  await first.printed(/failed: interrupted; /)
  await requireUndone(id, expected)
})
