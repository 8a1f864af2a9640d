import { describe, expect, it } from "vitest"
import { approvalFile } from "../../core/release/approval/approval.js"
import { plannedEvent } from "../../core/release/plan/make.js"
import { requestsOf } from "../../core/requests/fold.js"
import type { RequestAction, RequestFile } from "../../core/requests/request.js"
import { writeRequest } from "../../core/requests/write.js"
import { TOLERANCE } from "../../core/runner/decide.js"
import { Runner } from "../../core/runner/runner.js"
import { takePlace } from "../../core/runner/slot.js"
import type { Worked, Works } from "../../core/runner/works.js"
import { TollgateError } from "../../core/shared/errors.js"
import { approval, person, plan } from "./approval-samples.js"
import { MemoryLedger } from "./memory-ledger.js"
import { finished, HISTORY, NOW, operator, ROLLBACK, request, rulesOf, started } from "./request-samples.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const EVERYTHING = operator(mei, ["rollback", "maintenance", "unlock", "deploy"])
const rules = rulesOf([EVERYTHING], { approvers: [EVERYTHING, operator(bo, [])] })
const MAINTENANCE: RequestAction = { kind: "maintenance", on: true, message: "Back at 10:00" }
const DEPLOY: RequestAction = {
  kind: "deploy",
  planId: `plan-${"0".repeat(64)}`,
  planSha256: "0".repeat(64),
  version: "2",
  revision: "0".repeat(40),
}
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const done: Worked = { outcome: "done", release: null, note: "1 is serving" }

function worksOf(calls: string[], more: Partial<Works> = {}): Works {
  return {
    rollback: async ({ to, who, why, held }) => {
      await held()
      calls.push(`rollback to ${to || "the previous one"} by ${who}: ${why.replace(/ \(.*/, "")}`)
      return done
    },
    maintenance: ({ action }) => Promise.resolve(void calls.push(`maintenance ${action.on}`)).then(() => done),
    deploy: null,
    ...more,
  }
}

async function runnerOn(memory: MemoryLedger, works: Works): Promise<Runner> {
  const { ledger } = memory
  const run = crypto.randomUUID()
  const place = await takePlace(ledger, "production", { run, owner: "o", who: "runner", seconds: 30 })
  return new Runner({
    service: "shop",
    environment: "production",
    ledger,
    place,
    run,
    works,
    rules: () => Promise.resolve(rules),
    now: () => memory.now,
    tell: () => undefined,
    redact: (text) => text.replaceAll("SECRET", "…"),
    grace: 0.05,
  })
}

async function all(runner: Runner): Promise<void> {
  while (await runner.turn());
}

async function scene(...files: RequestFile[]) {
  const memory = new MemoryLedger(HISTORY)
  const calls: string[] = []
  for (const file of files) await writeRequest(memory.ledger, file, "r")
  return { memory, calls, states: () => requestsOf(memory.events).map(({ state }) => state) }
}

describe("a runner", () => {
  it("executes what is urgent first, each once, for the person who signed it", async () => {
    const { memory, calls, states } = await scene(request(mei, MAINTENANCE), request(mei))
    const runner = await runnerOn(memory, worksOf(calls))
    await all(runner)
    expect(calls).toEqual(["rollback to the previous one by Mei Lin: checkout is slow", "maintenance true"])
    expect(states()).toMatchObject([{ outcome: "done" }, { outcome: "done", note: "1 is serving" }])
    expect(await runner.turn()).toBe(false)
  })

  it("runs a request once, however many runners there are", async () => {
    const { memory, calls } = await scene(request(mei))
    const runners = await Promise.all([1, 2, 3].map(() => runnerOn(memory, worksOf(calls))))
    await Promise.all(runners.map(all))
    expect(calls).toHaveLength(1)
    expect(memory.of("request-taken")).toHaveLength(1)
  })

  it("refuses what is forged, and what is written again, and changes nothing", async () => {
    const forged = request(eve)
    const good = request(mei)
    const { memory, calls, states } = await scene(forged, good)
    const { context, what } = memory.events.at(-1) ?? memory.events[0] ?? expect.unreachable()
    // whoever may write to the ledger writes the same signed bytes once more, as another event
    memory.add(context, what, crypto.randomUUID())
    await all(await runnerOn(memory, worksOf(calls)))
    expect(calls).toHaveLength(1)
    expect(states()).toMatchObject([
      { kind: "refused", problems: [{ code: "request-unknown-key" }] },
      { kind: "finished", outcome: "done" },
      { kind: "refused", problems: [{ code: "request-replayed" }] },
    ])
  })

  it("refuses a deployment, and an approval for one, where it does not deploy", async () => {
    const file = approvalFile.parse(JSON.parse(approval(mei)))
    const { memory, calls, states } = await scene(
      request(mei, DEPLOY),
      request(mei, { kind: "approve", approval: file }),
    )
    await all(await runnerOn(memory, worksOf(calls)))
    const unsupported = { kind: "refused", problems: [{ code: "request-unsupported" }] }
    expect(states()).toMatchObject([unsupported, unsupported])
    expect(calls).toEqual([])
  })

  it("records why a request failed, without secrets", async () => {
    const { memory, states } = await scene(request(mei))
    const fails = () => Promise.reject(new TollgateError("no-host", "The host did not answer to SECRET.", "Check it."))
    const runner = await runnerOn(memory, worksOf([], { rollback: fails }))
    await all(runner)
    expect(states()).toMatchObject([{ outcome: "failed", note: expect.stringContaining("did not answer to ….") }])
    expect(runner.failed).toBe(1)
  })
})

describe("a request that a killed runner had", () => {
  const killed = async (action: RequestAction) => {
    const { memory, calls, states } = await scene(request(mei, action))
    const hangs = () => new Promise<Worked>(() => undefined)
    const first = await runnerOn(memory, worksOf([], { rollback: hangs, maintenance: hangs, deploy: hangs }))
    const turn = first.turn()
    await expect.poll(() => memory.of("request-taken")).toHaveLength(1)
    const next = await runnerOn(memory, worksOf(calls))
    // while that runner's lease is held, the request is its own
    await all(next)
    expect(calls).toEqual([])
    memory.held.delete("production/runner-1")
    return { memory, calls, states, next, turn }
  }

  it.each<[string, RequestAction]>([
    ["rollback", ROLLBACK],
    ["maintenance", MAINTENANCE],
  ])("is tried once more: %s", async (_, action) => {
    const { calls, states, next, memory } = await killed(action)
    await all(next)
    expect(calls).toHaveLength(1)
    expect(states()).toMatchObject([{ outcome: "done" }])
    expect(memory.of("request-taken").map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it("is reported and not retried when the rollback was already done", async () => {
    const { calls, states, next, memory } = await killed(ROLLBACK)
    memory.events.push(started(90, "b1", "rollback"), finished(91, "b1", "r0"))
    await all(next)
    expect(calls).toEqual([])
    expect(states()).toMatchObject([{ outcome: "interrupted", note: expect.stringContaining("r0 is live now") }])
  })

  it("is reported and not retried when it is a deployment, once by all runners", async () => {
    const { calls, states, next, memory } = await killed(DEPLOY)
    await Promise.all([next, await runnerOn(memory, worksOf(calls))].map(all))
    expect(calls).toEqual([])
    expect(states()).toMatchObject([{ outcome: "interrupted", note: expect.stringContaining("make a new request") }])
    expect(memory.of("request-finished")).toHaveLength(1)
  })

  it("is shown as its own run ended it, when that reaches the ledger later", async () => {
    const { states, next, memory } = await killed(DEPLOY)
    await all(next)
    const [{ number = 0 } = {}] = memory.of("request-taken")
    const context = { service: "shop", environment: "production", release: null, run: "r", token: null, who: "Bo" }
    const ended = { kind: "request-finished", number, release: "r2", note: "2 is serving" } as const
    memory.add(context, { ...ended, outcome: "done" }, crypto.randomUUID())
    memory.add(context, { ...ended, outcome: "interrupted" }, crypto.randomUUID())
    expect(states()).toMatchObject([{ outcome: "done", note: "2 is serving" }])
  })

  it("is not retried when that runner ends it while another one reads the ledger", async () => {
    const { calls, states, next, memory } = await killed(ROLLBACK)
    const [{ number = 0 } = {}] = memory.of("request-taken")
    const context = { service: "shop", environment: "production", release: null, run: "r", token: null, who: "Bo" }
    memory.beforeHolder = () =>
      memory.add(
        context,
        { kind: "request-finished", number, outcome: "done", release: null, note: "" },
        crypto.randomUUID(),
      )
    await all(next)
    expect(calls).toEqual([])
    expect(states()).toMatchObject([{ outcome: "done" }])
  })

  it("is not tried a third time", async () => {
    const { states, next, memory } = await killed(ROLLBACK)
    const second = await runnerOn(memory, worksOf([], { rollback: () => new Promise<Worked>(() => undefined) }))
    void second.turn()
    await expect.poll(() => memory.of("request-taken")).toHaveLength(2)
    for (const { lease } of memory.of("request-taken")) memory.held.delete(`production/runner-${lease.place}`)
    await all(next)
    expect(states()).toMatchObject([{ outcome: "interrupted", note: expect.stringContaining("tried 2 times") }])
  })
})

describe("what is scheduled", () => {
  const tonight: RequestAction = { kind: "schedule", at: at(7200).toISOString(), action: { kind: "rollback", to: "" } }

  it("runs at its time, by a runner that was started later", async () => {
    const { memory, calls, states } = await scene(request(mei, tonight))
    await all(await runnerOn(memory, worksOf(calls)))
    expect(states()).toMatchObject([{ kind: "open" }])
    memory.now = at(7200 + TOLERANCE)
    await all(await runnerOn(memory, worksOf(calls)))
    expect(calls).toHaveLength(1)
    expect(states()).toMatchObject([{ outcome: "done" }])
  })

  it("is reported as missed when no runner took it in time, and never runs late", async () => {
    const { memory, calls, states } = await scene(request(mei, tonight))
    memory.now = at(7200 + TOLERANCE + 1)
    await all(await runnerOn(memory, worksOf(calls)))
    expect(calls).toEqual([])
    expect(states()).toMatchObject([
      { outcome: "missed", note: expect.stringContaining("no runner took it within 2 min") },
    ])
  })

  it("is canceled by a request, and a canceled one never runs", async () => {
    const file = request(mei, tonight)
    const { memory, calls, states } = await scene(
      file,
      request(mei, { kind: "cancel", request: file.statement.id }),
      request(mei, { kind: "cancel", request: crypto.randomUUID() }),
    )
    await all(await runnerOn(memory, worksOf(calls)))
    memory.now = at(7200)
    await all(await runnerOn(memory, worksOf(calls)))
    expect(calls).toEqual([])
    expect(states()).toMatchObject([
      { outcome: "canceled", note: "by Mei Lin: checkout is slow" },
      { outcome: "done" },
      { kind: "refused", problems: [{ code: "request-target" }] },
    ])
  })
})

describe("approvals that are handed over", () => {
  const signed = (by = mei) => approvalFile.parse(JSON.parse(approval(by)))
  const approve = (file = signed(), by = mei) => request(by, { kind: "approve", approval: file })

  it("reach the deployment of their plan, each approver's once, and no others do", async () => {
    const other = { ...signed(bo), signature: signed(mei).signature }
    const { memory, states } = await scene(approve(), approve(), approve(signed(mei), bo), approve(other, bo))
    const given: (readonly string[])[] = []
    const works = worksOf([], {
      deploy: ({ approvals }) => {
        given.push(approvals)
        return Promise.resolve(done)
      },
    })
    const runner = await runnerOn(memory, works)
    await all(runner)
    expect(states()).toMatchObject([
      { outcome: "failed", note: expect.stringContaining("did not record in this ledger") },
      { outcome: "failed" },
      { outcome: "failed", note: expect.stringContaining("is signed by Mei Lin, but was submitted by Bo Chen") },
      { outcome: "failed", note: expect.stringContaining("has a signature that does not match") },
    ])
    const context = { service: "shop", environment: "production", release: null, run: "r", token: null, who: "Bo" }
    memory.add(context, plannedEvent(plan()), crypto.randomUUID())
    const another = signed({ ...eve, approver: { ...eve.approver, name: "Mei Lin" } })
    for (const file of [signed(), signed(), another]) await writeRequest(memory.ledger, approve(file), "r")
    await writeRequest(memory.ledger, request(mei, { ...DEPLOY, planId: plan().id }), "r")
    await writeRequest(memory.ledger, request(mei, DEPLOY), "r")
    do await all(runner)
    while (given.length < 2)
    expect(given.map((files) => files.map((file) => JSON.parse(file)))).toEqual([[signed()], []])
  })
})

describe("an emergency rollback while a deployment runs", () => {
  async function deploying(onAbort: (end: (worked: Worked) => void, undoing: () => void) => void) {
    const { memory, calls, states } = await scene(request(mei, DEPLOY))
    let end: (worked: Worked) => void = () => undefined
    const { rollback } = worksOf(calls)
    const works = worksOf(calls, {
      rollback: (work) => {
        calls.push("the rollback has the lease")
        return rollback(work)
      },
      deploy: ({ signal, undoing }) =>
        new Promise<Worked>((ended) => {
          end = ended
          signal.addEventListener("abort", () => {
            calls.push("deployment interrupted")
            onAbort(ended, undoing)
          })
        }),
    })
    const runner = await runnerOn(memory, works)
    await runner.turn()
    memory.events.push(started(20, "r2"))
    await writeRequest(memory.ledger, request(mei, ROLLBACK, { sees: { event: 20, live: "r1" } }), "r")
    return { memory, calls, states, runner, end: (worked: Worked) => end(worked) }
  }

  const ROLLED_BACK = [
    "deployment interrupted",
    "the rollback has the lease",
    "rollback to r1 by Mei Lin: checkout is slow",
  ]

  it("interrupts it, and leads to the release before it", async () => {
    const { calls, states, runner } = await deploying((end) =>
      end({ outcome: "failed", release: "r2", note: "rolled-back; 1 is serving" }),
    )
    await all(runner)
    expect(calls).toEqual(ROLLED_BACK)
    expect(states()).toMatchObject([{ outcome: "failed", release: "r2" }, { outcome: "done" }])
  })

  it("does not wait for a step that cannot be interrupted", async () => {
    const { calls, runner, states, end } = await deploying(() => undefined)
    await all(runner)
    expect(calls).toEqual(ROLLED_BACK)
    expect(states()).toMatchObject([{ kind: "taken" }, { outcome: "done" }])
    end(done)
  })

  it("waits for the undo of a deployment that has begun to undo, instead of switching at the same time", async () => {
    const { calls, runner, end } = await deploying((_, undoing) => undoing())
    const turns = all(runner)
    await expect.poll(() => calls).toContain("the rollback has the lease")
    expect(calls).toEqual(["deployment interrupted", "the rollback has the lease"])
    end({ outcome: "failed", release: "r2", note: "" })
    await turns
    expect(calls.at(-1)).toBe("rollback to r1 by Mei Lin: checkout is slow")
  })
})
