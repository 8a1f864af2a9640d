import { connect } from "node:net"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import { openRelay } from "../../core/release/session/relay.js"
import { Host } from "../../core/targets/compose/host.js"
import { planOf, type ServicePlan } from "../../core/targets/compose/plan.js"
import { ComposeTarget } from "../../core/targets/compose/target.js"
import { identityOf, machine } from "../../core/targets/sandbox/machine.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import type { SshAccess } from "../../core/targets/ssh/access.js"
import { SshConnection } from "../../core/targets/ssh/connection.js"
import { useEngine } from "../engine/session.js"
import { onHost } from "./host.js"
import { claimed, emptySandbox, image, live, releaseOf, settings } from "./sandbox.js"

useEngine()

let sandbox: Sandbox
let one = ""
let access: SshAccess
let plan: ServicePlan
beforeAll(async () => {
  sandbox = await emptySandbox()
  one = await sandbox.push(image("1"), "shop:1")
  const given = settings.environments["sandbox"]?.target
  if (given?.kind !== "sandbox") throw new Error("the sandbox has a target")
  plan = planOf(settings, { ...given, proxy: { ...given.proxy, image: `${sandbox.registry}/${given.proxy.image}` } })
  access = {
    ...(await reachFromHost(sandbox.service, 22)),
    user: "root",
    knownHosts: `shop.example ${sandbox.identity.hostKey}`,
    knownAs: { host: "shop.example", port: 22 },
    identity: { kind: "key", key: () => Promise.resolve(sandbox.identity.clientKey), passphrase: null },
  }
})
afterAll(() => sandbox.target.close())

const targetWith = (change: Partial<SshAccess>, changedPlan = plan) =>
  new ComposeTarget(
    "shop.example",
    [new Host(new SshConnection({ ...access, ...change }, "shop.example"), changedPlan)],
    changedPlan,
    "in-turn",
  )
const key = (text: string, passphrase: string | null = null) => ({
  kind: "key" as const,
  key: () => Promise.resolve(text),
  passphrase: passphrase === null ? null : () => Promise.resolve(passphrase),
})

async function onlyProblem(change: Partial<SshAccess>) {
  const target = targetWith(change)
  const { problems } = await target.check(0)
  await target.close()
  expect(problems).toHaveLength(1)
  return problems[0] ?? { code: "", what: "", next: "" }
}

describe("a host is refused, and nothing is sent to it,", () => {
  test("when it shows another key than the known one: both fingerprints are shown", async () => {
    const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    const { code, what, next } = await onlyProblem({ knownHosts: `shop.example ${other}` })
    expect(code).toBe("host-key")
    expect(what).toMatch(
      /shown: SHA256:\S{43} \(ssh-ed25519\)\n {2}known: SHA256:\+DiY3wvvV6TuJJhbpZisF\/zLDA0zPMSvHdkr4UvCOqU \(ssh-ed25519\)/,
    )
    expect(next).toContain("knownHosts")
  })

  test("when its key is not known: the error says how to add it", async () => {
    const { code, what, next } = await onlyProblem({ knownHosts: "" })
    expect([code, what]).toEqual([
      "host-key",
      expect.stringMatching(/the host key is unknown: SHA256:\S{43} \(ssh-ed25519\)/),
    ])
    expect(next).toContain("ssh-keyscan")
  })

  test("when it has no key of the kind that is known", async () => {
    expect((await onlyProblem({ knownHosts: "shop.example ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ==" })).code).toBe(
      "host-key",
    )
  })
})

describe("a host does not let us in", () => {
  test("with a key that it does not list", async () => {
    const stranger = await onHost(
      sandbox,
      "rm -f /tmp/stranger*; ssh-keygen -q -t ed25519 -N '' -f /tmp/stranger; cat /tmp/stranger",
    )
    expect(await onlyProblem({ identity: key(stranger) })).toMatchObject({
      code: "refused",
      what: "the host rejected the SSH key for user root.",
    })
  })

  test("with an encrypted key without its passphrase, and with it does", async () => {
    const encrypted = await onHost(
      sandbox,
      "umask 077; rm -f /tmp/mine*; printf '%s\\n' \"$(cat /identity/client)\" >/tmp/mine; ssh-keygen -q -p -N correct-horse -f /tmp/mine >/dev/null; cat /tmp/mine",
    )
    expect(await onlyProblem({ identity: key(encrypted) })).toMatchObject({
      code: "refused",
      what: expect.stringContaining("--ssh-passphrase is not set"),
    })
    expect(await onlyProblem({ identity: key(encrypted, "wrong") })).toMatchObject({
      code: "refused",
      what: expect.stringContaining("the passphrase is wrong"),
    })
    const target = targetWith({ identity: key(encrypted, "correct-horse") })
    expect((await target.check(0)).problems).toEqual([])
    await target.close()
  })

  test("with a text that is not a key", async () => {
    expect(await onlyProblem({ identity: key("ssh-ed25519 AAAA this is the public one") })).toMatchObject({
      code: "refused",
    })
  })
})

test("a host that does not exist is reported as that", async () => {
  expect(await onlyProblem({ host: "127.0.0.1", port: 1 })).toMatchObject({
    code: "unreachable",
    what: expect.stringContaining("Nothing was changed there"),
  })
})

test("a connection that breaks in the middle is reported as that, and the next command opens a new one", async () => {
  const { port, cut, close } = await openRelay(() => Promise.resolve(connect(access.port, access.host)))
  const connection = new SshConnection({ ...access, host: "127.0.0.1", port }, "shop.example")
  await connection.run({ what: "connect", script: "true", seconds: 5 })
  const asked = connection.run({ what: "wait", script: "rm -f /tmp/cut; sleep 2; touch /tmp/cut", seconds: 30 })
  setTimeout(cut, 500)
  await expect(asked).rejects.toMatchObject({ kind: "cut", message: expect.stringContaining("wait") })
  // the host went on: that is why the error does not claim that nothing was done
  expect((await connection.run({ what: "look", script: "sleep 3; ls /tmp/cut", seconds: 30 })).stdout).toBe(
    "/tmp/cut\n",
  )
  await connection.close()
  await close()
})

test("what a run that was cut off still does on the host is waited for before anything else is changed", async () => {
  const { port, cut, close } = await openRelay(() => Promise.resolve(connect(access.port, access.host)))
  const first = targetWith({ host: "127.0.0.1", port })
  await first.running()
  await onHost(
    sandbox,
    "mkdir -p /var/lib/tollgate/shop; (exec 9>/var/lib/tollgate/shop/lock; flock 9; sleep 3; touch /tmp/earlier-done) >/dev/null 2>&1 &",
  )
  const second = targetWith({})
  await onHost(sandbox, "rm -f /tmp/earlier-done; sleep 0.5")
  await claimed(second)
  await second.runJob(releaseOf(sandbox, "r1", "1", one), { name: "look", command: "true", seconds: 10 })
  expect(await onHost(sandbox, "ls /tmp/earlier-done")).toBe("/tmp/earlier-done\n")
  cut()
  await close()
  await second.close()
})

test("a command that takes too long is ended on the host", async () => {
  const connection = new SshConnection(access, "shop.example")
  await expect(connection.run({ what: "sleep", script: "sleep 47", seconds: 1 })).rejects.toMatchObject({
    kind: "too-long",
  })
  expect(
    (
      await connection.run({ what: "look", script: "ps ax -o args | grep -c '^sleep 47' || true", seconds: 5 })
    ).stdout.trim(),
  ).toBe("0")
  await connection.close()
})

describe("nothing is started", () => {
  const nothing = async () => expect(await onHost(sandbox, "docker ps -aq --filter label=tollgate.service")).toBe("")

  test("when the registry does not accept the password", async () => {
    await onHost(sandbox, `docker image rm -f ${one} >/dev/null 2>&1; true`)
    const release = {
      ...releaseOf(sandbox, "r1", "1", one),
      login: { user: "tollgate", password: () => Promise.resolve("not-the-password") },
    }
    const failure = await sandbox.target.start(release).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: "registry-login", place: "sandbox" })
    expect(String(failure)).not.toContain("not-the-password")
    await nothing()
    expect(await onHost(sandbox, "ls -A /dev/shm")).toBe("")
  })

  test("when the registry does not have the image", async () => {
    const gone = one.replace(/.{64}$/, "0".repeat(64))
    await expect(sandbox.target.start(releaseOf(sandbox, "r1", "1", gone))).rejects.toMatchObject({
      kind: "registry-pull",
    })
    await nothing()
  })

  test.each(["nobody", "10001:10001"])(
    "when the image has no shell, by which its values would be read, be its user %s",
    async (user) => {
      const bare = await sandbox.push(
        image("1", (container) => container.withUser(user).withoutFile("/usr/bin/sh")),
        "bare:1",
      )
      const release = releaseOf(sandbox, "r1", "1", bare)
      await expect(sandbox.target.start(release)).rejects.toMatchObject({ kind: "image-no-shell" })
      await expect(
        sandbox.target.runJob(release, { name: "migrate", command: "true", seconds: 5 }),
      ).rejects.toMatchObject({ kind: "image-no-shell" })
      expect(await onHost(sandbox, "docker ps -q --filter label=tollgate.service")).toBe("")
      for (const instance of (await sandbox.target.running()).candidates) await sandbox.target.retire(instance)
      await sandbox.target.prune()
      await nothing()
    },
  )

  test("when the disk is full", async () => {
    await onHost(sandbox, "mkdir -p /mnt/small && mount -t tmpfs -o size=64k none /mnt/small && mkdir /mnt/small/shop")
    const target = await claimed(targetWith({}, { ...plan, folder: "/mnt/small" }))
    await onHost(sandbox, "head -c 100000 /dev/zero >/mnt/small/full 2>/dev/null; true")
    await expect(target.start(releaseOf(sandbox, "r1", "1", one))).rejects.toMatchObject({ kind: "no-space" })
    await target.close()
    await onHost(sandbox, "umount /mnt/small")
    await nothing()
  })

  test("when there is less room than the image needs, which is known before", async () => {
    expect((await sandbox.target.check(1e15)).problems).toMatchObject([{ place: "sandbox", code: "no-space" }])
  })
})

describe("with two hosts", () => {
  let other: Host
  let otherOf: (plan: ServicePlan) => Host
  const both = (order: "in-turn" | "at-once") => claimed(new ComposeTarget("a, b", [sandbox.host, other], plan, order))
  const EMPTY =
    "docker rm -f tollgate-proxy $(docker ps -aq --filter label=tollgate.service) >/dev/null 2>&1; docker volume rm -f tollgate-proxy >/dev/null; rm -rf /var/lib/tollgate/*"
  beforeAll(async () => {
    const { hostKey, clientKey } = await identityOf("test-other")
    const address = await reachFromHost(await machine("test-other", "test"), 22)
    const identity = { kind: "key" as const, key: () => Promise.resolve(clientKey), passphrase: null }
    const to = {
      ...address,
      user: "root",
      knownHosts: `other ${hostKey}`,
      knownAs: { host: "other", port: 22 },
      identity,
    }
    otherOf = (wanted) => new Host(new SshConnection(to, "other"), wanted)
    other = otherOf(plan)
    await other.run({ what: "wait", script: "until docker version >/dev/null 2>&1; do sleep 0.2; done", seconds: 90 })
    await other.run({ what: "empty", script: EMPTY, seconds: 60 })
    await onHost(sandbox, EMPTY)
  })
  afterAll(() => other.close())

  test.each(["in-turn", "at-once"] as const)("%s, a release is live when it has the traffic of both", async (order) => {
    const target = await both(order)
    const instance = await target.start(releaseOf(sandbox, `two-${order}`, "1", one))
    expect(instance.replicas.map(({ place, process }) => [place, process])).toEqual([
      ["sandbox", "web"],
      ["sandbox", "worker"],
      ["other", "web"],
      ["other", "worker"],
    ])
    expect(await target.health(instance)).toMatchObject({ kind: "healthy" })
    await target.switch(instance)
    expect(await target.running()).toMatchObject({
      live: { kind: "live", instance: { release: `two-${order}` } },
      places: [{ place: "sandbox" }, { place: "other" }],
    })
    for (const place of ["sandbox", "other"])
      expect(await target.requestLive({ method: "GET", path: "/version", place })).toMatchObject({
        status: 200,
        body: "1",
      })
  })

  test("a run that another one overtakes between them leaves both to that one", async () => {
    const target = await both("in-turn")
    const before = live(await target.running())
    const instance = await target.start(releaseOf(sandbox, "overtaken", "1", one))
    const run = { run: "another", command: "rollback", who: "Bo", owner: "Bo's laptop" }
    const far = otherOf(plan)
    const operator = new ComposeTarget("a, b", [new Host(sandbox.connection, plan), far], plan, "in-turn")
    const asleep = vi.spyOn(other, "run").mockImplementationOnce(async (command) => {
      // it wakes up after the first host has switched, and before the second one does
      await operator.claim(run, null)
      await operator.switch(before)
      return await other.run(command)
    })
    await expect(target.switch(instance)).rejects.toMatchObject({
      code: "target-fenced",
      place: "other",
      message: expect.stringContaining("run another, on Bo's laptop"),
    })
    asleep.mockRestore()
    expect(live(await target.running()).release).toBe(before.release)
    await expect(target.retire(instance)).rejects.toMatchObject({ code: "target-fenced" })
    await operator.retire(instance)
    await far.close()
  })

  test("a switch that fails at the second one is reported as split, is read as split, and can be completed either way", async () => {
    const target = await both("in-turn")
    const before = live(await target.running())
    const instance = await target.start(releaseOf(sandbox, "three", "1", one))
    await other.run({ what: "break", script: "docker stop tollgate-proxy >/dev/null", seconds: 60 })
    await expect(target.switch(instance)).rejects.toMatchObject({
      kind: "split",
      place: "other",
      message: expect.stringContaining("sandbox has switched to release three already"),
    })
    await other.run({ what: "mend", script: "docker start tollgate-proxy >/dev/null; sleep 1", seconds: 60 })
    expect((await target.running()).live).toMatchObject({
      kind: "split",
      at: [
        { place: "sandbox", release: "three" },
        { place: "other", release: before.release },
      ],
    })
    await target.switch(before)
    expect(live(await target.running()).release).toBe(before.release)
  })
})
