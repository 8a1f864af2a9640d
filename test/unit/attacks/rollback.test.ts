import { describe, expect, it } from "vitest"
import { RELEASE_OUTCOMES } from "../../../core/ledger/event.js"
import { requireSame, whyNeverLive } from "../../../core/release/rollback/fetch-again.js"

describe("a rollback to what is no longer on the target", () => {
  it("goes to a release that was live", () => {
    expect(whyNeverLive({ action: "deploy", outcome: "live" })).toBeNull()
  })

  it.each([...RELEASE_OUTCOMES.filter((one) => one !== "live"), "running" as const])(
    "does not go to one that approval, freeze or a failure stopped: %s",
    (outcome) => expect(whyNeverLive({ action: "deploy", outcome })).toContain(outcome),
  )

  it("does not take another run's rollback for a release", () => {
    expect(whyNeverLive({ action: "rollback", outcome: "live" })).toContain("it was a rollback")
  })

  const record = { id: "r1", revision: "0123456789abcdef", configDigest: "scrypt:1", configNames: ["A", "B"] }
  const now = { configDigest: "scrypt:1", configNames: ["A", "B"], processes: "p" }
  const code = (work: () => void): unknown => {
    try {
      work()
    } catch (error) {
      return error
    }
    return null
  }

  it("takes the configuration of its day", () => {
    expect(code(() => requireSame(record, { processes: "p" }, now))).toBeNull()
    expect(code(() => requireSame(record, { processes: null }, now))).toBeNull()
  })

  it.each([
    ["a value", { ...now, configDigest: "scrypt:2" }, "a value differs"],
    ["a name more", { ...now, configDigest: "scrypt:2", configNames: ["A", "B", "C"] }, "C added"],
    ["a name less", { ...now, configDigest: "scrypt:2", configNames: ["A"] }, "B missing"],
  ])("takes no other secrets: %s", (_, given, said) => {
    expect(code(() => requireSame(record, { processes: "p" }, given))).toMatchObject({
      code: "rollback-config",
      message: expect.stringContaining(said),
    })
  })

  it("takes no secrets for a release that has no recorded digest", () => {
    expect(code(() => requireSame({ ...record, configDigest: null }, { processes: null }, now))).toMatchObject({
      code: "rollback-config",
    })
  })

  it("runs no other command than the release did, and says where to roll back", () => {
    expect(code(() => requireSame(record, { processes: "another" }, now))).toMatchObject({
      code: "rollback-processes",
      message: expect.stringContaining("Check out 0123456789ab"),
    })
  })
})
