import { createHash } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { printLogs } from "../../core/release/logs/read.js"
import { startJob } from "../../core/targets/compose/commands-release.js"
import { INSIDE } from "../../core/targets/compose/names.js"
import { planOf } from "../../core/targets/compose/plan.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { useEngine } from "../engine/session.js"
import { liveVersion, onHost } from "./host.js"
import { customers, emptySandbox, image, live, releaseOf, SECRET, settings } from "./sandbox.js"

useEngine()

let sandbox: Sandbox
let one = ""
let two = ""
beforeAll(async () => {
  sandbox = await emptySandbox()
  one = await sandbox.push(image("1"), "shop:1")
  two = await sandbox.push(image("2"), "shop:2")
})
afterAll(() => sandbox.target.close())

const deploy = async (id: string, version: string, reference: string, more: Record<string, string> = {}) => {
  const instance = await sandbox.target.start(releaseOf(sandbox, id, version, reference, more))
  const health = await sandbox.target.health(instance)
  if (health.kind !== "healthy") throw new Error(health.why)
  await sandbox.target.switch(instance)
  return live(await sandbox.target.running())
}

test("an empty host can take a release, and says so", async () => {
  const { facts, problems } = await sandbox.target.check(100e6)
  expect(problems).toEqual([])
  expect(facts).toMatchObject([
    { place: "sandbox", runtime: expect.stringMatching(/^Docker \d+\./), proxy: { kind: "absent" } },
  ])
  expect(Math.abs(facts[0]?.clockSkew ?? 99)).toBeLessThan(5)
  expect(await sandbox.target.running()).toMatchObject({
    live: { kind: "none" },
    retained: [],
    candidates: [],
    maintenance: { kind: "off" },
  })
})

test("a first release starts, answers without traffic, and gets the traffic on the switch", async () => {
  const instance = await sandbox.target.start(releaseOf(sandbox, "r1", "1", one))
  expect(instance).toMatchObject({
    release: "r1",
    version: "1",
    image: one,
    digest: one.split("@")[1],
    configDigest: "0123456789ab",
    switchedAt: null,
  })
  expect(instance.replicas).toMatchObject([
    { place: "sandbox", process: "web", state: { kind: "running" } },
    { place: "sandbox", process: "worker", state: { kind: "prepared" } },
  ])
  expect(await sandbox.target.health(instance)).toMatchObject({ kind: "healthy" })
  const order = await sandbox.target.request(instance, {
    method: "POST",
    path: "/order",
    headers: { "x-order": "T1" },
    body: "amount=300",
  })
  expect(order).toMatchObject({ kind: "answered", status: 200, body: "T1 amount=300" })
  expect(await liveVersion(sandbox)).toMatch(/^404 /)
  await sandbox.target.switch(instance)
  expect(await liveVersion(sandbox)).toBe("200 1")
  const running = await sandbox.target.running()
  expect(live(running)).toMatchObject({
    release: "r1",
    colour: "blue",
    replicas: [{ process: "web" }, { process: "worker", state: { kind: "running" } }],
  })
  expect(running.places).toMatchObject([{ place: "sandbox", release: "r1", proxy: { kind: "running" } }])
})

test("its values reach it exactly, and stand in nothing that docker, ps or the host's own folders show to others", async () => {
  const running = live(await sandbox.target.running())
  const answer = await sandbox.target.request(running, { method: "GET", path: "/digest" })
  expect(answer).toMatchObject({ body: createHash("sha256").update(SECRET).digest("hex") })
  const shown = await onHost(
    sandbox,
    "docker inspect $(docker ps -aq); docker ps -a --no-trunc; ps axww -o args; docker image inspect $(docker images -q); ls -laR /var/lib/tollgate; docker logs shop-web-r1 2>&1; docker logs tollgate-proxy 2>&1; ls -A /dev/shm /tmp",
  )
  expect(shown).toContain("shop-web-r1")
  expect(shown).not.toContain("of the test")
  expect(shown).not.toContain(sandbox.identity.registryPassword)
  const file = "/var/lib/tollgate/shop/releases/r1/inside/environment"
  expect(
    (
      await onHost(
        sandbox,
        `stat -c '%a %u' ${file}; stat -c %a /var/lib/tollgate/shop; ls -A /dev/shm /root/.docker 2>/dev/null; true`,
      )
    )
      .trim()
      .split("\n"),
  ).toEqual(["400 10001", "700", "/dev/shm:"])
})

test.each(["10001", "nobody", ""])("its values are for its image's user alone, be that %j", async (user) => {
  const reference = await sandbox.push(
    image("1", (container) => (user === "" ? container.withoutUser() : container.withUser(user))),
    `shop:user-${user}`,
  )
  const instance = await sandbox.target.start(releaseOf(sandbox, "user", "1", reference))
  expect(await sandbox.target.health(instance)).toMatchObject({ kind: "healthy" })
  expect(await sandbox.target.request(instance, { method: "GET", path: "/digest" })).toMatchObject({
    body: createHash("sha256").update(SECRET).digest("hex"),
  })
  const [owner = "", rights] = (
    await onHost(sandbox, "stat -c '%u %a' /var/lib/tollgate/shop/releases/user/inside/environment")
  )
    .trim()
    .split(" ")
  expect({ owner, rights }).toEqual({ owner: { "10001": "10001", nobody: "65534", "": "0" }[user], rights: "400" })
  await sandbox.target.retire(instance)
})

test("a second version gets the traffic and gives it back, while customers lose no request and slow ones are drained", async () => {
  const stream = await customers(sandbox)
  await deploy("r2", "2", two)
  expect(await liveVersion(sandbox)).toBe("200 2")
  const running = await sandbox.target.running()
  expect(live(running)).toMatchObject({ release: "r2", colour: "green" })
  expect(running.retained.map(({ release }) => release)).toEqual(["r1"])
  const [earlier] = running.retained
  if (earlier === undefined) throw new Error("r1 is not retained")
  const { traffic } = await sandbox.target.switch(earlier)
  expect(await liveVersion(sandbox)).toBe("200 1")
  await sandbox.target.switch(live(running))
  const seen = await stream.stop()
  console.log("customers", Object.fromEntries(seen), "switch back", traffic.toFixed(2), "s")
  expect([...seen.keys()].sort()).toEqual(["200 1", "200 2"])
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50)
})

test("workers change over with the traffic: the old one may finish its job, and never two versions work", async () => {
  const running = await sandbox.target.running()
  const states = [live(running), ...running.retained].map(({ release, replicas }) => [
    release,
    replicas.find(({ process }) => process === "worker")?.state.kind,
  ])
  expect(states).toEqual([
    ["r2", "running"],
    ["r1", "ended"],
  ])
  const logs = await sandbox.target.logs(running.retained[0] ?? live(running), 5)
  expect(logs.find(({ replica }) => replica.process === "worker")?.lines).toContain("worker finished its job")
})

test("its log is read from all its processes, without its secrets, and followed until it is stopped", async () => {
  const printed: string[] = []
  const stop = new AbortController()
  const request = {
    environment: "sandbox",
    release: "",
    since: "",
    lines: 50,
    follow: true,
    access: { ssh: null, registry: null },
    secrets: null,
    signal: stop.signal,
  }
  const place = { target: sandbox.target, login: null, variables: new Map(), publish: null, postgres: null }
  const following = printLogs(settings, request, place, (line) => printed.push(line))
  await onHost(
    sandbox,
    `docker exec shop-worker-r2 sh -c '. ${INSIDE}/environment; printf "its key: %s\\n" "$SHOP_KEY" >/proc/1/fd/1'`,
  )
  await vi.waitFor(() => expect(printed.join("\n")).toContain("its key: "), { timeout: 30_000 })
  stop.abort()
  await following
  expect(printed).toContainEqual(expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z sandbox worker {2}worker 2 began$/))
  expect(printed.filter((line) => line.includes("its key: "))).toHaveLength(1)
  expect(printed.join("\n")).not.toContain("of the test")
})

test("everything can be done again after it was done: nothing changes", async () => {
  const before = await sandbox.target.running()
  await deploy("r2", "2", two)
  await sandbox.target.maintenance({ kind: "off" })
  const after = await sandbox.target.running()
  const plain = ({ replicas, release }: ReturnType<typeof live>) => ({ release, replicas })
  expect(plain(live(after))).toEqual(plain(live(before)))
  expect(after.retained).toEqual(before.retained)
})

describe("a release that is never healthy", () => {
  test("is reported with its answer, and the proxy refuses it: the traffic stays", async () => {
    const instance = await sandbox.target.start(releaseOf(sandbox, "r3", "3", two, { MODE: "unhealthy" }))
    const [health, refused] = await Promise.allSettled([
      sandbox.target.health(instance),
      sandbox.target.switch(instance),
    ])
    expect(health).toMatchObject({ value: { kind: "unhealthy", why: "/health answered 503 within 6 s" } })
    expect(refused).toMatchObject({ reason: { kind: "never-healthy", place: "sandbox" } })
    expect(await liveVersion(sandbox)).toBe("200 2")
    expect((await sandbox.target.running()).candidates.map(({ release }) => release)).toEqual(["r3"])
  })

  test("or exits at its start, is reported at once with its last output", async () => {
    const instance = await sandbox.target.start(releaseOf(sandbox, "r4", "4", two, { MODE: "crash" }))
    const health = await sandbox.target.health(instance)
    expect(health).toMatchObject({
      kind: "unhealthy",
      why: expect.stringMatching(/exited/),
      printed: expect.arrayContaining(["shop: no database"]),
    })
    expect(await liveVersion(sandbox)).toBe("200 2")
  })

  test("because its image's own check fails, is reported with the check's output", async () => {
    const failing = await sandbox.push(
      image("5", (container) =>
        container.withDockerHealthcheck(["python3", "-c", "import sys; sys.exit('no replica ' * 1 + '7')"]),
      ),
      "shop:5",
    )
    const instance = await sandbox.target.start(releaseOf(sandbox, "r5", "5", failing))
    expect(await sandbox.target.health(instance)).toMatchObject({
      kind: "unhealthy",
      why: expect.stringContaining("its HEALTHCHECK exited with code 1: no replica 7"),
    })
  })
})

test("only what has no traffic can be stopped or removed, and pruning leaves what is configured", async () => {
  const current = live(await sandbox.target.running())
  await expect(sandbox.target.retire(current)).rejects.toMatchObject({ kind: "live" })
  await expect(sandbox.target.stop(current)).rejects.toMatchObject({ kind: "live" })
  expect(await sandbox.target.prune()).toMatchObject({
    stopped: [],
    removed: expect.arrayContaining(["r3", "r4", "r5"]),
  })
  const after = await sandbox.target.running()
  expect(after).toMatchObject({ candidates: [], retained: [{ release: "r1" }] })
  expect(
    (await onHost(sandbox, "ls /var/lib/tollgate/shop/releases; docker ps -a --format '{{.Names}}' | sort"))
      .trim()
      .split("\n"),
  ).toEqual([
    "r1",
    "r2",
    "postgres",
    "redis",
    "shop-web-r1",
    "shop-web-r2",
    "shop-worker-r1",
    "shop-worker-r2",
    "tollgate-proxy",
  ])
})

test("a release that was stopped is started again by switching to it", async () => {
  const [earlier] = (await sandbox.target.running()).retained
  if (earlier === undefined) throw new Error("r1 is not retained")
  await sandbox.target.stop(earlier)
  await sandbox.target.switch(earlier)
  expect(await liveVersion(sandbox)).toBe("200 1")
})

describe("a job", () => {
  const job = (name: string, command: string, seconds = 30) =>
    sandbox.target.runJob(releaseOf(sandbox, "r1", "1", one), { name, command, seconds })

  test("runs with the release's variables, and its exit code and output are reported", async () => {
    expect(await job("migrate", 'echo "to $TOLLGATE_VERSION" && test -n "$SHOP_KEY"')).toMatchObject({
      kind: "done",
      printed: ["to 1"],
    })
    expect(await job("migrate", "echo no such revision >&2; exit 4")).toMatchObject({
      kind: "failed",
      code: 4,
      printed: ["no such revision"],
    })
    expect(await job("migrate", "echo waiting; sleep 60", 2)).toMatchObject({ kind: "too-long", printed: ["waiting"] })
    expect(await onHost(sandbox, "docker ps -aq --filter label=tollgate.job")).toBe("")
  })

  test("whose run was cut off is waited for, and not done twice", async () => {
    const given = settings.environments["sandbox"]?.target
    if (given?.kind !== "sandbox") throw new Error("the sandbox has a target")
    const identity = { id: "r1", version: "1", image: one, configDigest: "0123456789ab", colour: "blue" as const }
    await sandbox.host.run(startJob(planOf(settings, given), identity, "seed", "echo first; sleep 2", 30))
    expect(await job("seed", "echo second")).toMatchObject({ kind: "done", printed: ["first"] })
  })
})

test("in maintenance customers read the message and the service hears nothing; then it goes on", async () => {
  await sandbox.target.maintenance({ kind: "on", message: "Back at 9 o'clock" })
  expect((await sandbox.target.running()).maintenance).toEqual({ kind: "on", message: "Back at 9 o'clock" })
  const closed = await sandbox.target.requestLive({ method: "GET", path: "/version" })
  expect(closed).toMatchObject({ kind: "answered", status: 503, body: expect.stringContaining("Back at 9 o") })
  expect(
    await sandbox.target.request(live(await sandbox.target.running()), { method: "GET", path: "/version" }),
  ).toMatchObject({ status: 200 })
  await sandbox.target.maintenance({ kind: "off" })
  expect(await liveVersion(sandbox)).toBe("200 1")
  expect((await sandbox.target.running()).maintenance).toEqual({
    kind: "off",
    ended: expect.stringMatching(/^20\d\d-.*Z$/),
  })
})

test("the proxy's counters tell what happened between two looks", async () => {
  const count = async () =>
    (await sandbox.target.traffic()).requests
      .filter(({ status }) => status === 404)
      .reduce((sum, { count }) => sum + count, 0)
  const before = await count()
  for (let times = 0; times < 3; times++) await sandbox.target.requestLive({ method: "GET", path: "/nowhere" })
  expect((await count()) - before).toBe(3)
  expect((await sandbox.target.traffic()).durations.at(-1)?.upTo).toBe(Infinity)
})

test("what the service reaches by name can be reached too: its Postgres and its Redis answer", async () => {
  const stream = await sandbox.target.dial("redis", 6379)
  const answered = new Promise<string>((resolve) => stream.once("data", (data: Buffer) => resolve(data.toString())))
  stream.write("PING\r\n")
  expect(await answered).toBe("+PONG\r\n")
  stream.destroy()
  await expect(sandbox.target.dial("redis", 1)).rejects.toMatchObject({ kind: "unreachable" })
})

describe("afterwards the same release serves", () => {
  test("when the proxy was restarted", async () => {
    await onHost(sandbox, "docker restart -t 1 tollgate-proxy >/dev/null")
    await eventually("200 1")
    expect(live(await sandbox.target.running()).release).toBe("r1")
  })

  test("when the proxy was removed: the next start brings it back as it was", async () => {
    await onHost(sandbox, "docker rm -f tollgate-proxy >/dev/null")
    expect((await sandbox.target.running()).places).toMatchObject([{ proxy: { kind: "absent" }, release: null }])
    await sandbox.target.start(releaseOf(sandbox, "r1", "1", one))
    await eventually("200 1")
  })

  test("when Docker was restarted", async () => {
    await onHost(
      sandbox,
      "old=$(pidof dockerd); kill -TERM $old; while kill -0 $old 2>/dev/null; do sleep 0.1; done; tries=0; until docker version >/dev/null 2>&1; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.2; done",
    )
    await eventually("200 1")
    expect(live(await sandbox.target.running()).release).toBe("r1")
  })

  const eventually = (what: string) =>
    expect.poll(() => liveVersion(sandbox), { timeout: 60_000, interval: 200 }).toBe(what)
})
