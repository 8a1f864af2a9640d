import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import type { Directory } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Settings } from "../../core/config/parse.js"
import type { ReleaseResult } from "../../core/release/deploy/result.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { useEngine } from "../engine/session.js"
import { customers, release, settingsWith, source } from "./deployments.js"
import { atLine, atStep, historyOf, type Line, line, reboot, untilDockerAnswers, when } from "./faults.js"
import { empty, liveVersion, onHost, sandboxNamed } from "./host.js"

useEngine()

const NAME = "test-faults"
const shipped = settingsWith("ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
// a host that was rebooted is waited for as long as a release is
const settings: Settings = {
  ...shipped,
  release: { ...shipped.release, before: [], healthTimeout: 25, monitor: { ...shipped.release.monitor, window: 3 } },
}
const withCommand = { ...settings, release: { ...settings.release, before: shipped.release.before } }
let sandbox: Sandbox
let wire: Line
beforeAll(async () => {
  sandbox = await sandboxNamed(NAME, settings)
  await empty(sandbox)
  wire = await line(sandbox)
  expect(await deployed("1")).toMatchObject({ outcome: "live", causes: [] })
})
afterAll(async () => {
  wire.close()
  await sandbox.target.close()
})

const deployed = (version: string, from?: Directory, by = settings): Promise<ReleaseResult> =>
  release(by, version, "", { sandbox: NAME, ...(from === undefined ? {} : { source: from }) }, wire.entryPoint)
const history = () => historyOf(sandbox, settings)

/** By the database's own clock. */
async function leaseIsFree(): Promise<void> {
  const held = `docker exec postgres psql -U app -d tollgate -qtAc "select count(*) from tollgate_ledger.leases where environment = 'sandbox' and run is not null and expires_at > clock_timestamp()"`
  await expect.poll(async () => (await onHost(sandbox, held)).trim(), { timeout: 30_000, interval: 500 }).toBe("0")
}

/** What holds after every fault, whatever it was. */
async function requireHarmless(
  result: ReleaseResult,
  expected: { outcome: ReleaseResult["outcome"]; at: string; serves: string },
): Promise<void> {
  const screen = releaseScreen(result)
  console.log(screen)
  expect(await liveVersion(sandbox)).toBe(`200 ${expected.serves}`)
  expect({
    outcome: result.outcome,
    at: result.steps.find(({ outcome }) => outcome === "failed")?.name,
    serves: result.serving?.version,
  }).toEqual(expected)
  expect((await sandbox.target.running()).candidates).toEqual([])
  await leaseIsFree()
  expect((await history())[0]).toMatchObject({
    id: result.release,
    outcome: expected.outcome,
    serving: { digest: result.serving?.digest },
  })
  const lines = screen.trimEnd().split("\n")
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(lines.at(-1)).toBe(
    `${expected.outcome === "rolled-back" ? `ROLLED BACK: ${result.version} failed in` : `FAILED: ${result.version} was not deployed to`} sandbox; ${expected.serves} (${result.serving?.digest.slice(7, 19)}) is serving`,
  )
  expect(result.next).toBe("Fix the cause and deploy again. No cleanup is needed.")
}

/** Deploys while the host stops before a docker command with these words, and something is done to it. */
async function struckAt(
  words: string,
  strike: () => Promise<unknown> | void,
  version: string,
  from?: Directory,
  by = settings,
): Promise<ReleaseResult> {
  const sprung = await when(sandbox, words, strike)
  const result = await deployed(version, from, by)
  expect(await sprung()).toBe(true)
  return result
}

describe("the previous version serves, and everything is undone, when the SSH connection breaks in the middle of", () => {
  test.each([
    ["a command before it", "run --detach", "migrate"],
    ["its start", "start shop-web", "start"],
    ["the switch", "kamal-proxy deploy", "switch"],
  ])("%s", async (_, words, at) => {
    const result = await struckAt(
      words,
      () => wire.cut(),
      `bad-cut-${at}`,
      undefined,
      at === "migrate" ? withCommand : settings,
    )
    await requireHarmless(result, { outcome: "failed", at, serves: "1" })
    expect(result.causes[0]).toMatch(
      /^sandbox: the SSH connection was lost during: .*It may have completed, or may still be running\./,
    )
  })
})

describe("the previous version serves, and everything is undone, when the host is rebooted in the middle of", () => {
  test.each([
    ["the switch", "kamal-proxy deploy", "switch", "failed"],
    ["the window in which it is watched", null, "watch", "rolled-back"],
  ] as const)("%s", async (_, words, at, outcome) => {
    let rebooted: Promise<void> | null = null
    const restore = words === null ? atStep("watch", () => void (rebooted = reboot(sandbox))) : () => undefined
    const result =
      words === null
        ? await deployed(`bad-reboot-${at}`).finally(restore)
        : await struckAt(words, () => reboot(sandbox), `bad-reboot-${at}`)
    await rebooted
    await untilDockerAnswers(sandbox)
    await requireHarmless(result, { outcome, at, serves: "1" })
  })
})

/** A source whose image has layers that no other has, and that do not become smaller: the same each time, so that it is built once. */
function large(): Directory {
  const pads = ["pad0", "pad1", "pad2"]
  let made = source()
  for (const name of pads)
    made = made.withNewFile(
      name,
      Array.from({ length: 5000 }, (_, index) => createHash("sha512").update(`${name} ${index}`).digest("base64")).join(
        "",
      ),
    )
  const dockerfile = readFileSync(new URL("fixtures/deploy/Dockerfile", import.meta.url), "utf8")
  return made.withNewFile(
    "Dockerfile",
    dockerfile.replace(/^COPY/m, `${pads.map((name) => `COPY ${name} /${name}`).join("\n")}\nCOPY`),
  )
}

describe("the version before serves when the image cannot be fetched whole:", () => {
  beforeAll(async () => {
    await onHost(
      sandbox,
      `docker image prune -af >/dev/null; mkdir -p /etc/docker && echo '{"max-concurrent-downloads": 1}' >/etc/docker/daemon.json && kill -HUP $(pidof dockerd)`,
    )
  })
  afterAll(() => onHost(sandbox, "rm -f /etc/docker/daemon.json; kill -HUP $(pidof dockerd)"))

  test("the registry is gone in the middle of it", async () => {
    const reset = "-j REJECT --reject-with tcp-reset"
    const soon = `OUTPUT -p tcp --dport 5000 -m connbytes --connbytes 60000: --connbytes-dir reply --connbytes-mode bytes ${reset}`
    const always = `OUTPUT -p tcp --dport 5000 -m comment --comment gone ${reset}`
    // the first connection that has brought a part of a layer is reset, and no other is made
    const strike = `iptables -I ${soon}; (while [ "$(iptables -nvxL OUTPUT | awk '/connbytes/ { print $1 }')" = 0 ]; do sleep 0.02; done; iptables -I ${always}) >/dev/null 2>&1 </dev/null &`
    const result = await struckAt("pull -q", () => onHost(sandbox, strike), "bad-registry", large())
    expect((await onHost(sandbox, "iptables -nvxL OUTPUT | awk '/gone/ { print ($1 > 0) }'")).trim()).toBe("1")
    await onHost(sandbox, `iptables -D ${soon}; iptables -D ${always}`)
    await requireHarmless(result, { outcome: "failed", at: "start", serves: "1" })
    expect(result.causes[0]).toContain("sandbox: could not pull the image")
  })

  test("the host's disk is full", async () => {
    const docker = "/var/lib/sandbox/docker/tmp"
    const result = await struckAt(
      "pull -q",
      () => onHost(sandbox, `mount -t tmpfs -o size=64k none ${docker}`),
      "bad-disk",
      large(),
    )
    await onHost(sandbox, `umount ${docker}`)
    await requireHarmless(result, { outcome: "failed", at: "start", serves: "1" })
    expect(result.causes[0]).toContain("sandbox: no space left on its disk")
  })
})

test("a proxy that is restarted in the middle of the switch serves what the verdict says", async () => {
  const result = await struckAt(
    "kamal-proxy deploy",
    () => onHost(sandbox, "(sleep 0.1; /usr/bin/docker restart -t 0 tollgate-proxy) >/dev/null 2>&1 &"),
    "proxy",
  )
  console.log(releaseScreen(result))
  // it comes back with the routes that it had: whether the new one was among them is a matter of milliseconds
  expect(result).toMatchObject(
    result.outcome === "live" ? { serving: { version: "proxy" } } : { outcome: "failed", serving: { version: "1" } },
  )
  expect(await liveVersion(sandbox)).toBe(`200 ${result.serving?.version}`)
  expect((await history())[0]).toMatchObject({ id: result.release, outcome: result.outcome })
  if (result.outcome === "live") expect(await deployed("1")).toMatchObject({ outcome: "live" })
})

test("a host that stays away: nothing is claimed, and the next deployment finds what is there and goes on", async () => {
  const restore = atStep("smoke", () => wire.down())
  const result = await deployed("2").finally(restore)
  console.log(releaseScreen(result))
  wire.up()
  expect(result).toMatchObject({ outcome: "broken", serving: null })
  expect(releaseScreen(result)).toMatch(/tollgate status --env=sandbox[\s\S]*\nBROKEN: sandbox: nothing is serving\n$/)
  expect(await liveVersion(sandbox)).toBe("200 1")
  await leaseIsFree()
  const again = await deployed("2")
  expect(again).toMatchObject({ outcome: "live", causes: [], release: result.release, serving: { version: "2" } })
  expect(again.steps.find(({ name }) => name === "target")?.note).toContain("resumes release")
  expect((await history())[0]).toMatchObject({ id: result.release, outcome: "live" })
})

describe("in maintenance mode, which was turned on before the deployment,", () => {
  let before: string
  beforeAll(async () => {
    before = (await liveVersion(sandbox)).replace("200 ", "")
    await close()
  })
  afterAll(() => sandbox.target.maintenance({ kind: "off" }))

  /** Deploys, and does something once the watch has found maintenance mode, and customers have been answered by it. */
  async function inTheWatch(version: string, mode: string, strike: () => void): Promise<ReleaseResult> {
    const restore = atLine("watch: maintenance mode is on", strike)
    const stop = await customers(sandbox)
    const controller = new AbortController()
    abort = () => controller.abort()
    const more = { sandbox: NAME, signal: controller.signal }
    try {
      return await release(settings, version, mode, more, wire.entryPoint)
    } finally {
      restore()
      console.log(await stop())
    }
  }
  let abort: () => void
  const close = () => sandbox.target.maintenance({ kind: "on", message: "Back at ten" })
  const open = () => void sandbox.target.maintenance({ kind: "off" })

  test("a deployment that is interrupted is rolled back at once, and verified behind the 503s", async () => {
    const result = await inTheWatch("bad-interrupted", "", () => abort())
    console.log(releaseScreen(result))
    expect(result).toMatchObject({ outcome: "rolled-back", serving: { version: before } })
    expect(await liveVersion(sandbox)).toMatch(/^503 [^]*Back at ten/)
    await leaseIsFree()
  })

  test("nothing is judged, and afterwards a release is: one that fails customers is rolled back, another stays", async () => {
    const bad = await inTheWatch("bad-maintenance", "fails-customers", open)
    console.log(releaseScreen(bad))
    expect(bad).toMatchObject({ outcome: "rolled-back", monitor: { kind: "failed" }, serving: { version: before } })
    expect(await liveVersion(sandbox)).toBe(`200 ${before}`)
    await leaseIsFree()
    await close()
    const good = await inTheWatch("after-maintenance", "", () => {
      open()
      // and once more in the middle of what is judged
      atLine("watch: maintenance mode is off", () => {
        void close()
        atLine("watch: maintenance mode is on", open)
      })
    })
    console.log(releaseScreen(good))
    await sandbox.target.maintenance({ kind: "off" })
    expect(good).toMatchObject({
      outcome: "live",
      monitor: { kind: "passed", window: { errors: 0 }, unfinished: null },
    })
    expect(good.monitor?.maintenance).toBeGreaterThan(0)
    const note = (name: string) => good.steps.find((step) => step.name === name)?.note
    expect(note("switch")).toMatch(/verified: after-maintenance answers behind maintenance mode$/)
    expect(note("watch")).toMatch(/^passed: errors 0\.00 % of \d+.* in maintenance mode not judged$/)
    expect(await liveVersion(sandbox)).toBe("200 after-maintenance")
    await leaseIsFree()
  })
})

test("a line that is cut again and again while nothing is changed costs nothing", async () => {
  const restores = ["healthy", "smoke", "watch", "prune"].map((step) => atStep(step, () => wire.cut()))
  const result = await deployed("3")
  for (const restore of restores.reverse()) restore()
  console.log(releaseScreen(result))
  expect(result).toMatchObject({ outcome: "live", causes: [], serving: { version: "3" } })
  await leaseIsFree()
  expect((await history())[0]).toMatchObject({ id: result.release, outcome: "live" })
})

describe("without its ledger", () => {
  test("a deployment does not begin", async () => {
    const refused = release(
      settings,
      "bad-ledger",
      "",
      { sandbox: NAME, ledger: "postgresql://tollgate:word@127.0.0.1:1/tollgate" },
      wire.entryPoint,
    )
    await expect(refused).rejects.toMatchObject({
      code: "ledger-unreachable",
      message: expect.stringContaining("Deployments need the ledger"),
    })
    expect(await liveVersion(sandbox)).toBe("200 3")
  })

  test("one that has begun comes to its end, says so, and is written down later", async () => {
    const result = await struckAt(
      "kamal-proxy deploy",
      () => onHost(sandbox, "/usr/bin/docker stop -t 5 postgres >/dev/null"),
      "4",
    )
    console.log(releaseScreen(result))
    expect(result).toMatchObject({ outcome: "live", serving: { version: "4" } })
    expect(result.warnings.join()).toContain("the ledger is unreachable")
    expect(await liveVersion(sandbox)).toBe("200 4")
    await onHost(sandbox, "docker start postgres >/dev/null")
    await untilDockerAnswers(sandbox)
    expect((await history())[0]).toMatchObject({ id: result.release, outcome: "live", journaled: true })
    await leaseIsFree()
  })
})
