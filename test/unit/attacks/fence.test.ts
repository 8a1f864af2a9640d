import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Claim, Instance, Release, Target } from "../../../core/targets/target.js"
import { instance } from "../release-samples.js"
import { LocalHost, runOf, targetAt } from "./hosts.js"

let hosts: [LocalHost, LocalHost]
beforeEach(() => {
  hosts = [new LocalHost("app1"), new LocalHost("app2")]
})
afterEach(() => {
  for (const host of hosts) host.remove()
})

const ANN = runOf("RUN-ANN", "Ann")
const BO = runOf("RUN-BO", "Bo", "rollback")
const READS =
  /^(exec tollgate-proxy kamal-proxy list|ps |inspect |container inspect|image inspect|network inspect|version)/

async function held(target: Target, ...claim: Parameters<Target["claim"]>): Promise<Extract<Claim, { kind: "held" }>> {
  const claimed = await target.claim(...claim)
  if (claimed.kind !== "held") throw new Error(`refused at ${claimed.place}`)
  return claimed
}

const at = (id: string): Instance => {
  const one = instance(id)
  return { ...one, replicas: one.replicas.map((replica) => ({ ...replica, place: "app1" })) }
}
const release: Release = {
  id: "r9",
  version: "9",
  image: "r/shop@sha256:r9",
  configDigest: "abc",
  environment: () => Promise.resolve(new Map()),
  login: null,
}

describe("a run that wakes up after another run has claimed the target", () => {
  const changes: [string, (target: Target) => Promise<unknown>][] = [
    ["start a release", (target) => target.start(release)],
    ["switch the traffic", (target) => target.switch(at("r2"))],
    ["switch it back", (target) => target.switch(at("r1"), ["r1", "r2"])],
    ["stop a release", (target) => target.stop(at("r2"))],
    ["remove a release", (target) => target.retire(at("r2"))],
    ["prune", (target) => target.prune()],
    ["run a job", (target) => target.runJob(release, { name: "migrate", command: "true", seconds: 5 })],
  ]

  it.each(changes)("can not %s: the host refuses, names the run, and does nothing", async (_, change) => {
    const sleeper = targetAt(hosts)
    await held(sleeper, ANN, 12)
    await held(targetAt(hosts), BO, 13)
    for (const host of hosts) host.calls()
    await expect(change(sleeper)).rejects.toMatchObject({
      code: "target-fenced",
      message: expect.stringMatching(
        /another run has claimed this environment: rollback by Bo since .* UTC \(lease 13, run RUN-BO, on Bo's laptop\)\. Nothing was changed here[\s\S]*tollgate status/,
      ),
    })
    for (const host of hosts) {
      expect(host.calls().filter((call) => !READS.test(call))).toEqual([])
      expect(host.serves).toBe("shop-web-r1:8000")
    }
  })

  it.each(changes)("could still %s while no other run had", async (_, change) => {
    const target = targetAt(hosts)
    await held(target, ANN, 12)
    for (const host of hosts) host.calls()
    // what the release lacks here is found after its first change
    await change(target).catch((error: unknown) => expect(error).not.toMatchObject({ code: "target-fenced" }))
    expect(hosts.flatMap((host) => host.calls()).filter((call) => !READS.test(call))).not.toEqual([])
  })

  it("between two hosts leaves the second one to that run", async () => {
    const other = targetAt(hosts)
    const sleeper = targetAt(hosts, async ({ what }, place) => {
      if (!what.startsWith("switch") || place !== "app2") return
      await held(other, BO, 13)
      await other.switch(at("r3"))
    })
    await held(sleeper, ANN, 12)
    await expect(sleeper.switch(at("r2"))).rejects.toMatchObject({ code: "target-fenced" })
    expect(hosts.map(({ serves }) => serves)).toEqual(["shop-web-r3:8000", "shop-web-r3:8000"])
  })

  it("in the middle of a job neither stops nor removes it", async () => {
    const sleeper = targetAt(hosts, async ({ what }) => {
      if (!what.startsWith("wait for the job")) return
      await held(targetAt(hosts), BO, 13)
      hosts[0].calls()
    })
    await held(sleeper, ANN, 12)
    const job = sleeper.runJob(release, { name: "migrate", command: "true", seconds: 5 })
    await expect(job).rejects.toMatchObject({ code: "target-fenced" })
    expect(hosts[0].calls()).toEqual(["wait shop-job-migrate-r9"])
  })

  it("is refused before its first host, however many hosts that run has reached", async () => {
    await held(targetAt([hosts[1]]), BO, 13)
    expect(await targetAt(hosts).claim(ANN, 12)).toMatchObject({ kind: "refused", place: "app2", seen: { token: 13 } })
  })
})

describe("maintenance", () => {
  it("is refused where a run claims the target in the same moment, and works otherwise", async () => {
    const other = targetAt(hosts)
    const operator = targetAt(hosts, async ({ what }, place) => {
      if (what.startsWith("turn maintenance") && place === "app1") await held(other, BO, 13)
    })
    await expect(operator.maintenance({ kind: "on", message: "Back at 9" })).rejects.toMatchObject({
      code: "target-fenced",
    })
    await targetAt(hosts).maintenance({ kind: "on", message: "Back at 9" })
    for (const host of hosts) expect(host.calls().join()).toContain("kamal-proxy stop shop")
  })
})

describe("a token", () => {
  it("is one run's: another ledger that grants the same number is refused", async () => {
    await held(targetAt(hosts), ANN, 12)
    expect(await targetAt(hosts).claim(BO, 12)).toMatchObject({ kind: "refused", seen: { run: "RUN-ANN" } })
    expect(await targetAt(hosts).claim(ANN, 12)).toMatchObject({ kind: "held" })
  })

  it("is first seen on a host of an earlier Tollgate, whose state stays readable", async () => {
    expect((await targetAt(hosts).running()).claimed).toBeNull()
    const { running } = await held(targetAt(hosts), ANN, 3)
    expect(running).toMatchObject({ live: { instance: { release: "r1" } }, claimed: { token: 3, who: "Ann" } })
  })

  it("is claimed again where its file is damaged", async () => {
    for (const damaged of ["", "\n", "garbage", "x y z {}\n"]) {
      hosts[0].fence = damaged
      await held(targetAt([hosts[0]]), ANN, 3)
      expect(hosts[0].fence).toMatch(/^3 3 RUN-ANN \{/)
    }
  })

  it("is written over the last one where there is no room for another file", async () => {
    await held(targetAt([hosts[0]]), { ...ANN, who: "A long name, longer than the next one" }, 3)
    mkdirSync(join(hosts[0].folder, "shop/fence.new"))
    const operator = targetAt([hosts[0]])
    expect((await held(operator, BO, null)).running.claimed).toMatchObject({ token: 4, granted: 3, who: "Bo" })
    await operator.switch(at("r2"))
  })

  it("carries any name of a person through the host's shell and back", async () => {
    const who = `O'Neil "$HOME" \`id\` \\n ${"x".repeat(300)}`
    const target = targetAt(hosts)
    await held(target, { ...ANN, who }, 4)
    expect((await target.running()).claimed?.who).toBe(`${who.slice(0, 199)}…`)
  })

  it("is needed: a run that has not claimed the target changes nothing", async () => {
    await expect(targetAt(hosts).switch(at("r2"))).rejects.toThrow("has not claimed it")
    expect(hosts[0].serves).toBe("shop-web-r1:8000")
  })
})

describe("a rollback without a ledger", () => {
  it("has one token above all that its hosts have seen, and stops a deployment that sleeps", async () => {
    const sleeper = targetAt(hosts)
    await held(sleeper, ANN, 12)
    await held(targetAt([hosts[0]]), runOf("RUN-CY", "Cy"), 20)
    const operator = targetAt(hosts)
    expect((await held(operator, BO, null)).fence).toMatchObject({ token: 21, granted: 20 })
    expect(hosts.map(({ fence }) => fence.split(" ")[0])).toEqual(["21", "21"])
    await operator.switch(at("r3"))
    await expect(sleeper.switch(at("r2"))).rejects.toMatchObject({ code: "target-fenced" })
    expect(hosts.map(({ serves }) => serves)).toEqual(["shop-web-r3:8000", "shop-web-r3:8000"])
    // the trace
    expect((await targetAt(hosts).running()).claimed).toMatchObject({ command: "rollback", who: "Bo", granted: 20 })
  })

  it("keeps its token when its claim is repeated after a lost connection", async () => {
    const target = targetAt(hosts)
    const [first, second] = [await held(target, BO, null), await held(target, BO, null)]
    expect([first.fence.token, second.fence.token]).toEqual([1, 1])
  })

  it("yields to the next one", async () => {
    const [one, other] = [targetAt(hosts), targetAt(hosts)]
    await held(one, BO, null)
    await held(other, ANN, null)
    await expect(one.switch(at("r2"))).rejects.toMatchObject({ code: "target-fenced" })
    await other.switch(at("r2"))
  })
})

describe("traffic that this run did not place", () => {
  it("is not moved by its undo: the error says where it goes", async () => {
    const target = targetAt(hosts)
    await held(target, ANN, 12)
    await target.switch(at("r2"))
    hosts[0].serve("r3")
    await expect(target.switch(at("r1"), ["r2", "r1"])).rejects.toMatchObject({
      code: "target-moved",
      message: expect.stringMatching(
        /shop-web-r3 has the traffic, which this run did not start[\s\S]*Nothing was changed/,
      ),
    })
    expect(hosts[0].serves).toBe("shop-web-r3:8000")
  })

  it.each(["r1", "r2"])("is moved back where it is as this run left it, or as it was: %s", async (id) => {
    const target = targetAt(hosts)
    await held(target, ANN, 12)
    for (const host of hosts) host.serve(id)
    await target.switch(at("r1"), ["r2", "r1"])
    expect(hosts.map(({ serves }) => serves)).toEqual(["shop-web-r1:8000", "shop-web-r1:8000"])
  })
})
