import { describe, expect, it } from "vitest"
import type { ReleaseRecord, StepRecord } from "../../core/ledger/ledger.js"
import { lastStep, watchedToItsEnd } from "../../core/release/recover/recover.js"
import { leftBehind, mark } from "../../core/runner/left-behind.js"
import { person } from "./approval-samples.js"
import { running, serving } from "./release-samples.js"
import { deployment, request } from "./request-samples.js"

const step = (name: string, outcome: StepRecord["outcome"] = "done"): StepRecord => ({
  name,
  outcome,
  startedAt: "2026-11-22T09:00:00Z",
  seconds: 1,
  note: "",
})

describe("a deployment whose run was killed", () => {
  it.each([
    [["policy", "image"], "image"],
    [["policy", "target", "migrate", "start"], "start"],
    [["target", "switch", "watch", "switch back", "remove the new release"], "watch"],
    [[], "target"],
  ])("was in its last step that had begun: %j", (names, last) => {
    expect(lastStep({ steps: names.map((name) => step(name)) })).toBe(last)
  })

  it("stays when it was watched to its end, and has all of the traffic", () => {
    const ended = { id: "r2", steps: [step("switch"), step("watch"), step("prune", "running")] }
    expect(watchedToItsEnd(ended, running(serving("r2")))).toMatchObject({ release: "r2" })
    expect(watchedToItsEnd(ended, running(serving("r1")))).toBeNull()
  })

  it.each<[string, StepRecord[]]>([
    ["it was being watched", [step("switch"), step("watch", "running")]],
    ["the watch failed", [step("switch"), step("watch", "failed")]],
    ["its watch failed when another run went on with it", [step("watch"), step("switch"), step("watch", "failed")]],
    ["it was being undone", [step("watch"), step("switch back", "undone")]],
    ["it was not watched", [step("switch")]],
  ])("does not stay when %s", (_, steps) => {
    expect(watchedToItsEnd({ id: "r2", steps }, running(serving("r2")))).toBeNull()
  })
})

describe("what a killed runner left of a deployment", () => {
  const mei = person("Mei Lin")
  const signed = request(mei)
  const id = signed.statement.id
  const asked = { id, signed }
  const own = (more: Partial<ReleaseRecord> = {}) =>
    deployment("r2", { who: "Mei Lin", why: `reviewed${mark({ id })}`, ...more })
  const held = (run: string, who = "Bo Chen") => ({ run, who, command: "deploy" })

  it("is not known while its run may be alive", () => {
    expect(leftBehind(asked, [own()], held(own().run)).kind).toBe("wait")
    expect(leftBehind(asked, [], held("any", "Mei Lin")).kind).toBe("wait")
  })

  it("is undone when nothing has happened since", () => {
    expect(leftBehind(asked, [own(), deployment("r1")], null)).toMatchObject({
      kind: "unfinished",
      release: { id: "r2" },
    })
  })

  it("is how it ended, whatever has happened since", () => {
    const ended = own({ outcome: "rolled-back", finishedAt: "2026-11-22T09:10:00Z" })
    expect(leftBehind(asked, [deployment("r3"), ended], held("r3")).kind).toBe("ended")
  })

  it("is nothing to undo when another run has the environment, or has changed it", () => {
    expect(leftBehind(asked, [own()], held("another"))).toMatchObject({
      kind: "nothing",
      why: expect.stringContaining("Bo Chen"),
    })
    expect(leftBehind(asked, [deployment("r3"), own()], null)).toMatchObject({
      kind: "nothing",
      why: expect.stringContaining("r3"),
    })
  })

  it("is not what somebody else deployed, or for another request", () => {
    expect(leftBehind(asked, [own({ who: "Eve" })], null).kind).toBe("nothing")
    expect(leftBehind(asked, [own({ why: "reviewed (request 00000000)" })], null).kind).toBe("nothing")
    expect(leftBehind(asked, [own({ action: "rollback" })], null).kind).toBe("nothing")
    // another person's run is not waited for
    expect(leftBehind(asked, [], held("any", "Bo Chen")).kind).toBe("nothing")
  })
})
