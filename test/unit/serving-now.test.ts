import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { servingNow } from "../../core/release/deploy/undo.js"
import type { Answer, Running } from "../../core/targets/target.js"
import { fakeTarget, instance, running, serving } from "./release-samples.js"

const settings = parseSettings("qa: { suites: { e2e: { files: [tests] } } }\n")
const answer: Answer = { kind: "answered", status: 200, headers: new Map(), body: "ok", milliseconds: 1 }
const target = (there: Running) =>
  fakeTarget({
    running: () => Promise.resolve(there),
    request: () => Promise.resolve(answer),
    requestLive: () => Promise.resolve(answer),
  })

describe("after a deployment that failed, what is serving", () => {
  it("is the release before, when it has the traffic again", async () => {
    const before = instance("r1")
    const now = await servingNow(target(running({ kind: "live", instance: before })), settings, before)
    expect(now).toEqual({ instance: before, why: null })
  })

  it("is the first release, which kept the traffic as there is none before it", async () => {
    const first = instance("r1")
    const now = await servingNow(target(running({ kind: "live", instance: first })), settings, null)
    expect(now).toEqual({ instance: first, why: null })
  })

  it("is nothing, when nothing has the traffic", async () => {
    expect(await servingNow(target(running({ kind: "none" })), settings, null)).toEqual({ instance: null, why: null })
  })

  it("is not said of a release that lost the traffic", async () => {
    const now = await servingNow(target(running(serving("r2"))), settings, instance("r1"))
    expect(now.instance).toBeNull()
    expect(now.why).toContain("release r2 has the traffic")
  })
})
