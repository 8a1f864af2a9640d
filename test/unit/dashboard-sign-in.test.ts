import { describe, expect, it } from "vitest"
import { LINK_MINUTES, MOST_WRONG, SESSION_HOURS, SignIn } from "../../core/dashboard/server/sign-in.js"

const MINUTE = 60_000

function clocked() {
  const clock = { now: Date.parse("2026-11-29T10:00:00Z") }
  return { clock, signIn: new SignIn(() => clock.now) }
}

describe("the sign-in of the dashboard", () => {
  it("opens a session with a link, once", () => {
    const { signIn } = clocked()
    const token = signIn.newLink()
    const session = signIn.signIn(token)
    expect(session.kind).toBe("session")
    expect(session.kind === "session" && signIn.isSession(session.id)).toBe(true)
    expect(signIn.signIn(token)).toEqual({ kind: "wrong" })
  })

  it("refuses a link that has expired", () => {
    const { clock, signIn } = clocked()
    const token = signIn.newLink()
    clock.now += LINK_MINUTES * MINUTE
    expect(signIn.signIn(token)).toEqual({ kind: "wrong" })
  })

  it("makes tokens and sessions of 256 random bits, and never takes one for the other", () => {
    const { signIn } = clocked()
    const token = signIn.newLink()
    expect(Buffer.from(token, "base64url")).toHaveLength(32)
    expect(token).not.toBe(signIn.newLink())
    expect(signIn.isSession(token)).toBe(false)
    const session = signIn.signIn(token)
    if (session.kind !== "session") throw new Error("the link is good")
    expect(Buffer.from(session.id, "base64url")).toHaveLength(32)
    expect(signIn.signIn(session.id)).toEqual({ kind: "wrong" })
  })

  it("ends a session after its time, and when its person signs out", () => {
    const { clock, signIn } = clocked()
    const [one, other] = [signIn.signIn(signIn.newLink()), signIn.signIn(signIn.newLink())]
    if (one.kind !== "session" || other.kind !== "session") throw new Error("the links are good")
    signIn.signOut(one.id)
    expect([signIn.isSession(one.id), signIn.isSession(other.id)]).toEqual([false, true])
    clock.now += SESSION_HOURS * 60 * MINUTE
    expect(signIn.isSession(other.id)).toBe(false)
  })

  it("stops guessing: after ten wrong links all are refused for the rest of the minute, the right one too", () => {
    const { clock, signIn } = clocked()
    const token = signIn.newLink()
    for (let guess = 0; guess < MOST_WRONG; guess += 1) expect(signIn.signIn(`guess ${guess}`).kind).toBe("wrong")
    expect(signIn.signIn(token)).toEqual({ kind: "wait", seconds: 60 })
    clock.now += MINUTE + 1
    expect(signIn.signIn(token).kind).toBe("session")
  })

  it("is not a session: nothing, an empty text, and an id that the browser chose", () => {
    const { signIn } = clocked()
    expect(["", "tollgate", "A".repeat(43)].map((id) => signIn.isSession(id))).toEqual([false, false, false])
  })
})
