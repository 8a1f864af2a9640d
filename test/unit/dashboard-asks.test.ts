import { describe, expect, it } from "vitest"
import { z } from "zod"
import { asksOf } from "../../core/dashboard/model/asks.js"
import { type EnvironmentFacts, environmentPage } from "../../core/dashboard/model/environment.js"
import { requestLines } from "../../core/dashboard/model/request-lines.js"
import { asksCard } from "../../core/dashboard/view/asks.js"
import type { LedgerEvent } from "../../core/ledger/event.js"
import { requestsOf } from "../../core/requests/fold.js"
import type { RequestAction, RequestFile } from "../../core/requests/request.js"
import { KIM, MEI, OLD, operated } from "../release/dashboard-operators.js"
import { XSS } from "../release/dashboard-samples.js"
import { person } from "./approval-samples.js"
import { environmentFacts, policiesOf } from "./environment-facts.js"
import { event, finished, HISTORY, NOW, request, started } from "./request-samples.js"

const mei = person("Mei Lin")
const settings = operated()
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

const requested = (number: number, file: RequestFile): LedgerEvent =>
  event(number, {
    kind: "requested",
    request: file.statement.id,
    signed: z.json().parse(JSON.parse(JSON.stringify(file))),
  })

const lines = (events: LedgerEvent[], now = later(1)) => requestLines(requestsOf(events), now)

describe("a request on a page", () => {
  it("waits for a runner until it expires, and can be canceled no longer than that", () => {
    const events = [requested(10, request(mei))]
    expect(lines(events)).toMatchObject([{ state: "waiting", cancel: "rollback", until: { kind: "expires" } }])
    expect(lines(events, later(11))).toMatchObject([
      { state: "expired", cancel: null, until: null, notes: ["no runner took it in time"] },
    ])
  })

  it("that is scheduled waits for its time, however long ago it was signed", () => {
    const at = later(600).toISOString()
    const action: RequestAction = { kind: "schedule", at, action: { kind: "maintenance", on: true, message: "x" } }
    expect(lines([requested(10, request(mei, action))], later(300))).toMatchObject([
      { state: "waiting", cancel: "maintenance", until: { kind: "runs", at } },
    ])
  })

  it("that a runner has, or that was refused or is over, has no button to cancel it", () => {
    const taken = event(11, { kind: "request-taken", number: 10, attempt: 1, lease: { place: 1, token: 1 } })
    const refused = event(12, {
      kind: "request-refused",
      number: 10,
      problems: [{ code: "request-stale", message: "was late" }],
    })
    const open = requested(10, request(mei))
    expect(lines([open, taken])).toMatchObject([{ state: "taken", cancel: null, until: null }])
    expect(lines([open, taken, refused])).toMatchObject([
      { state: "refused", cancel: null, notes: ["request-stale: it was late"] },
    ])
  })

  it("that is unreadable, or has the id of an earlier one, is shown and cannot be canceled", () => {
    const file = request(mei)
    const unreadable = event(12, { kind: "requested", request: "x", signed: { format: "other" } })
    expect(lines([requested(10, file), requested(11, file), unreadable])).toMatchObject([
      { what: "unreadable", cancel: null },
      { cancel: null },
      { cancel: "rollback" },
    ])
  })
})

const facts = (more: Partial<EnvironmentFacts> = {}) =>
  environmentFacts({ policies: policiesOf(settings), changes: HISTORY, ...more })

const asks = (more: Partial<EnvironmentFacts> = {}, of = settings) => asksOf(of, facts(more), 2, NOW)

describe("what can be requested on a page", () => {
  it("lists everyone of the policy in force with what they may request, without revoked keys", () => {
    expect(asks().people).toMatchObject([
      { name: "Mei Lin", key: MEI.publicKey, may: ["deploy", "rollback", "maintenance", "unlock"] },
      { name: "Kim Ho", key: KIM.publicKey, may: ["maintenance"] },
      { name: "An Wu", may: [] },
    ])
    expect(JSON.stringify(asks())).not.toContain(OLD.publicKey)
  })

  it("is nothing without a policy that the environment needs, or for an environment that is not known", () => {
    const none = { inForce: null, adopted: [], problems: [] }
    expect(asks({ policies: none })).toMatchObject({
      people: [],
      closed: "No policy of production is in force in this ledger.",
    })
    expect(asks({ policies: none, environment: "archive" }).closed).toContain("does not have this environment")
    expect(asks({ policies: none, environment: "staging" }).closed).toContain("lists no person")
  })

  it("is signed on the state that the page shows, also where that is newer than the page's number", () => {
    expect(asks().sees).toEqual({ event: 2, live: "r1" })
    expect(asksOf(settings, facts(), 7, NOW).sees).toEqual({ event: 7, live: "r1" })
    const newer = asks({ changes: [...HISTORY, started(3, "r2"), finished(4, "r2"), started(5, "r3")] })
    expect(newer).toMatchObject({ sees: { event: 5, live: "r2" }, deploying: "r3" })
  })

  it("has no form where nobody may request anything, and says how to go without a runner", () => {
    const none = { inForce: null, adopted: [], problems: [] }
    const shown = (more: Partial<EnvironmentFacts>) =>
      asksCard(environmentPage(facts(more), null, NOW), asks(more)).source
    expect(shown({})).toContain("data-ask=")
    expect(shown({})).toContain("tollgate rollback --env=production")
    expect(shown({ runners: 1 })).not.toContain("No runner")
    expect(shown({ policies: none })).not.toContain("data-ask=")
  })

  it("escapes a name, a run and a release in what the script reads", () => {
    const lease = {
      environment: "production",
      run: XSS,
      owner: XSS,
      command: "deploy",
      who: XSS,
      token: 1,
      takenAt: "",
      heartbeatAt: "",
      expiresAt: "",
    }
    const { source } = asksCard(environmentPage(facts({ lease }), null, NOW), {
      ...asks(),
      sees: { event: 2, live: XSS },
    })
    expect(source).not.toMatch(/<img|<script|"[^"<>]*onerror="/)
    expect(source).toContain("&lt;img src=x")
  })
})
