import { describe, expect, it } from "vitest"
import type { EventContext, HappeningOf } from "../../core/ledger/event.js"
import type { ReleaseRecord } from "../../core/ledger/ledger.js"
import { requestsOf } from "../../core/requests/fold.js"
import type { RequestAction, RequestFile } from "../../core/requests/request.js"
import { writeRequest } from "../../core/requests/write.js"
import { TOLERANCE } from "../../core/runner/decide.js"
import { mark } from "../../core/runner/left-behind.js"
import { Runner } from "../../core/runner/runner.js"
import { takePlace } from "../../core/runner/slot.js"
import type { Worked, Works } from "../../core/runner/works.js"
import { TollgateError } from "../../core/shared/errors.js"
import { person } from "./approval-samples.js"
import { MemoryLedger } from "./memory-ledger.js"
import {
  deployment,
  event,
  finished,
  HISTORY,
  NOW,
  operator,
  ROLLBACK,
  request,
  rulesOf,
  started,
} from "./request-samples.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const EVERYTHING = operator(mei, ["rollback", "maintenance", "unlock", "deploy"])
const rules = rulesOf([EVERYTHING], { approvers: [EVERYTHING, operator(bo, [])] })
const MAINTENANCE: RequestAction = { kind: "maintenance", on: true, message: "Back at 10:00" }
const DEPLOY = {
  kind: "deploy" as const,
  planId: `plan-${"0".repeat(64)}`,
  planSha256: "0".repeat(64),
  version: "2",
  revision: "0".repeat(40),
} satisfies RequestAction
const PLAN: HappeningOf<"planned"> = {
  kind: "planned",
  planId: DEPLOY.planId,
  planSha256: DEPLOY.planSha256,
  authors: [],
  authorsUnknown: "",
  settings: {},
  commits: [],
  revision: DEPLOY.revision,
}
const PLANNED = event(3, PLAN)
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const done: Worked = { outcome: "done", release: null, note: "1 is serving" }
const undone: Worked = { outcome: "failed", release: "r2", note: "rolled-back; 1 is serving" }

function worksOf(calls: string[], more: Partial<Works> = {}): Works {
  return {
    rollback: async ({ to, who, why, held }) => {
      await held()
      calls.push(`rollback to ${to || "the previous one"} by ${who}: ${why.replace(/ \(.*/, "")}`)
      return done
    },
    maintenance: ({ action }) => Promise.resolve(void calls.push(`maintenance ${action.on}`)).then(() => done),
    deploy: null,
    recover: ({ id }) => Promise.resolve(void calls.push(`recover ${id}`)).then(() => undone),
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
  const memory = new MemoryLedger([...HISTORY, PLANNED])
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
    // someone who may write to the ledger writes the same signed bytes once more, as another event
    memory.add(context, what, crypto.randomUUID())
    await all(await runnerOn(memory, worksOf(calls)))
    expect(calls).toHaveLength(1)
    expect(states()).toMatchObject([
      { kind: "refused", problems: [{ code: "request-unknown-key" }] },
      { kind: "finished", outcome: "done" },
      { kind: "refused", problems: [{ code: "request-replayed" }] },
    ])
  })

  it("refuses a deployment where it does not deploy", async () => {
    const { memory, calls, states } = await scene(request(mei, DEPLOY))
    await all(await runnerOn(memory, worksOf(calls)))
    expect(states()).toMatchObject([{ kind: "refused", problems: [{ code: "request-unsupported" }] }])
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

function takenBy({ events }: MemoryLedger): EventContext {
  return events.find(({ what }) => what.kind === "request-taken")?.context ?? expect.unreachable()
}

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

  /** The deployment of the killed runner, as the ledger has it. */
  const begun = (memory: MemoryLedger, more: Partial<ReleaseRecord> = {}) => {
    const [{ id = "" } = {}] = requestsOf(memory.events)
    memory.past = [deployment("r2", { who: "Mei Lin", why: `reviewed${mark({ id })}`, finishedAt: null, ...more })]
  }

  it("is undone when it is a deployment that had begun, once by all runners", async () => {
    const { calls, states, next, memory } = await killed(DEPLOY)
    begun(memory)
    memory.held.set("production", { run: memory.past[0]?.run ?? "", token: 9 })
    await all(next)
    expect(calls).toEqual([])
    memory.held.delete("production")
    await Promise.all([next, await runnerOn(memory, worksOf(calls))].map(all))
    expect(calls).toEqual(["recover r2"])
    const note = expect.stringMatching(/was killed; it is not retried: make a new request\nrolled-back; 1 is serving$/)
    expect(states()).toMatchObject([{ outcome: "interrupted", release: "r2", note }])
    expect(memory.of("request-taken").map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it("is undone by another runner when the one that began to undo it is killed too", async () => {
    const { calls, states, next, memory } = await killed(DEPLOY)
    begun(memory)
    const turn = (await runnerOn(memory, worksOf([], { recover: () => new Promise(() => undefined) }))).turn()
    await expect.poll(() => memory.of("request-taken")).toHaveLength(2)
    await all(next)
    expect(calls).toEqual([])
    memory.held.delete("production/runner-3")
    memory.held.delete("production/runner-1")
    await all(await runnerOn(memory, worksOf(calls)))
    expect(calls).toEqual(["recover r2"])
    expect(states()).toMatchObject([{ outcome: "interrupted" }])
    expect(turn).toBeInstanceOf(Promise)
  })

  it.each([
    ["live", "done"],
    ["rolled-back", "failed"],
  ] as const)("is reported as it ended when it is a deployment that had ended: %s", async (outcome, reported) => {
    const { calls, states, next, memory } = await killed(DEPLOY)
    begun(memory, { outcome, finishedAt: NOW.toISOString() })
    await all(next)
    expect(calls).toEqual([])
    expect(states()).toMatchObject([{ outcome: reported, release: "r2", note: expect.stringContaining(outcome) }])
  })

  it("says that what it left could not be undone, and why", async () => {
    const { states, next, memory } = await killed(DEPLOY)
    begun(memory)
    const fails = () => Promise.reject(new TollgateError("no-host", "The host did not answer to SECRET.", "Check it."))
    await all(await runnerOn(memory, worksOf([], { recover: fails })))
    await all(next)
    const note = expect.stringMatching(
      /could not be undone\. `tollgate status` shows[^]*\nThe host did not answer to …\./,
    )
    expect(states()).toMatchObject([{ outcome: "interrupted", note }])
  })

  it("is not what its own run says of it later, once another runner has undone it", async () => {
    const { states, next, memory } = await killed(DEPLOY)
    begun(memory)
    await all(next)
    const [taken] = memory.events.filter(({ what }) => what.kind === "request-taken")
    const { context, what } = taken ?? expect.unreachable()
    const number = what.kind === "request-taken" ? what.number : 0
    const ended = { kind: "request-finished", number, release: "r2", note: "2 is serving", outcome: "done" } as const
    memory.add(context, ended, crypto.randomUUID())
    expect(states()).toMatchObject([{ outcome: "interrupted", note: expect.stringContaining("1 is serving") }])
  })

  it("is shown as its own run ended it, when that reaches the ledger later", async () => {
    const { states, next, memory } = await killed(DEPLOY)
    await all(next)
    const [{ number = 0 } = {}] = memory.of("request-taken")
    const context = takenBy(memory)
    const ended = { kind: "request-finished", number, release: "r2", note: "2 is serving" } as const
    memory.add(context, { ...ended, outcome: "done" }, crypto.randomUUID())
    memory.add(context, { ...ended, outcome: "interrupted" }, crypto.randomUUID())
    expect(states()).toMatchObject([{ outcome: "done", note: "2 is serving" }])
  })

  it("is not retried when that runner ends it while another one reads the ledger", async () => {
    const { calls, states, next, memory } = await killed(ROLLBACK)
    const [{ number = 0 } = {}] = memory.of("request-taken")
    const context = takenBy(memory)
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

describe("a deployment that is requested", () => {
  const deploying = (calls: string[], ended: Worked = done) =>
    worksOf(calls, {
      deploy: ({ action, who, why }) => {
        calls.push(`${action.version} of ${action.revision.slice(0, 7)} by ${who}: ${why.replace(/ \(.*/, "")}`)
        return Promise.resolve(ended)
      },
    })

  it("deploys the planned commit, in the name of the person who signed", async () => {
    const { memory, calls, states } = await scene(request(mei, DEPLOY))
    const runner = await runnerOn(memory, deploying(calls, { ...done, release: "r2" }))
    await all(runner)
    await expect.poll(states).toMatchObject([{ outcome: "done", release: "r2" }])
    expect(calls).toEqual(["2 of 0000000 by Mei Lin: checkout is slow"])
  })

  it("runs at its time when it is scheduled", async () => {
    const { memory, calls, states } = await scene(
      request(mei, { kind: "schedule", at: at(7200).toISOString(), action: DEPLOY }),
    )
    await all(await runnerOn(memory, deploying(calls)))
    expect(calls).toEqual([])
    memory.now = at(7200)
    await all(await runnerOn(memory, deploying(calls)))
    await expect.poll(states).toMatchObject([{ outcome: "done" }])
  })

  it.each<[string, Partial<typeof DEPLOY>, string]>([
    ["a plan file that was not recorded", { planSha256: "1".repeat(64) }, "did not record"],
    ["another plan than its file has", { planId: `plan-${"1".repeat(64)}` }, "did not record"],
    ["another commit than was planned", { revision: "1".repeat(40) }, "and 000000000000 was planned"],
  ])("is refused for %s", async (_, change, why) => {
    const { memory, calls, states } = await scene(request(mei, { ...DEPLOY, ...change }))
    await all(await runnerOn(memory, deploying(calls)))
    expect(states()).toMatchObject([
      { kind: "refused", problems: [{ code: "request-plan", message: expect.stringContaining(why) }] },
    ])
    expect(calls).toEqual([])
  })

  it("is refused for a plan of another environment, or of a source with uncommitted changes", async () => {
    const { memory, calls, states } = await scene(request(mei, DEPLOY))
    const index = memory.events.indexOf(PLANNED)
    memory.events[index] = { ...PLANNED, context: { ...PLANNED.context, environment: "staging" } }
    await all(await runnerOn(memory, deploying(calls)))
    memory.events[index] = event(3, { ...PLAN, revision: null })
    await writeRequest(memory.ledger, request(mei, DEPLOY), "r")
    await all(await runnerOn(memory, deploying(calls)))
    expect(states()).toMatchObject([
      { problems: [{ message: expect.stringContaining("for this environment") }] },
      { problems: [{ message: expect.stringContaining("whose commit is not known") }] },
    ])
    expect(calls).toEqual([])
  })

  it("is refused when the policy does not let the person deploy", async () => {
    const { memory, calls, states } = await scene(request(bo, DEPLOY))
    await all(await runnerOn(memory, deploying(calls)))
    expect(states()).toMatchObject([{ kind: "refused", problems: [{ code: "request-not-allowed" }] }])
    expect(calls).toEqual([])
  })
})

describe("an emergency rollback while a deployment runs", () => {
  async function deploying(onAbort: (end: (worked: Worked) => void, undoing: () => void) => void) {
    const { memory, calls, states } = await scene(request(mei, DEPLOY))
    const reasons: unknown[] = []
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
            reasons.push(signal.reason)
            onAbort(ended, undoing)
          })
        }),
    })
    const runner = await runnerOn(memory, works)
    await runner.turn()
    memory.events.push(started(20, "r2"))
    await writeRequest(memory.ledger, request(mei, ROLLBACK, { sees: { event: 20, live: "r1" } }), "r")
    return { memory, calls, states, runner, reasons, end: (worked: Worked) => end(worked) }
  }

  const ROLLED_BACK = [
    "deployment interrupted",
    "the rollback has the lease",
    "rollback to r1 by Mei Lin: checkout is slow",
  ]

  it("interrupts it, and leads to the release before it", async () => {
    const { calls, states, runner, reasons } = await deploying((end) =>
      end({ outcome: "failed", release: "r2", note: "rolled-back; 1 is serving" }),
    )
    await all(runner)
    expect(calls).toEqual(ROLLED_BACK)
    expect(String(reasons[0])).toContain("Interrupted by the rollback that Mei Lin requested: checkout is slow")
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
