import { z } from "zod"
import { readEvidence } from "../../core/audit/read.js"
import { parseSettings } from "../../core/config/parse.js"
import { GENESIS, rowHash } from "../../core/ledger/chain.js"
import type { ChainedRow } from "../../core/ledger/chained-row.js"
import type { EventContext, Happening, HappeningOf } from "../../core/ledger/event.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { parseBody } from "../../core/ledger/rows.js"
import { signReview } from "../../core/release/approval/review.js"
import { plannedEvent } from "../../core/release/plan/make.js"
import type { Plan } from "../../core/release/plan/plan.js"
import { changeFile, readPolicyChange } from "../../core/release/policy/change.js"
import { type Policy, policyDigest, policyOf } from "../../core/release/policy/policy.js"
import { signChange } from "../../core/release/policy/sign.js"
import { canonicalJson } from "../../core/shared/canonical-json.js"
import { BEFORE, DIGEST, finished, started, stepDone } from "../release/ledger-samples.js"
import { approval, type Person, person, plan } from "./approval-samples.js"

/** A ledger of half a year, with everything that happens to a service, as rows that a real one would have. */

export const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const listed = (...people: Person[]) =>
  people.map(({ approver: { name, key } }) => `{ name: ${name}, key: "${key}" }`).join(", ")
export const POLICY: Policy = policyOf(
  parseSettings(`
qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
release: { name: shop }
environments: { production: { approvals: { required: 2, keys: [${listed(mei, bo)}] } } }
`),
  "production",
)
const WEAKER: Policy = { ...POLICY, approvals: { ...POLICY.approvals, required: 1 } }

const signedJson = z.json()
const asJson = (value: unknown) => signedJson.parse(JSON.parse(JSON.stringify(value)))

/** Writes events with one clock, which the time of the next event is set by. */
export class Writer {
  readonly rows: ChainedRow[] = []
  #clock = new Date("2026-06-20T08:00:00Z")
  #ids = 0
  /** Tells the runs of one release apart, which was interrupted and continued. */
  again = ""

  at(time: string): this {
    this.#clock = new Date(time)
    return this
  }

  #runOf(release: string): string {
    return `run-${release}${this.again}`
  }

  get now(): Date {
    return this.#clock
  }

  add(context: Partial<EventContext>, what: Happening): this {
    this.#ids += 1
    const body = canonicalJson({
      version: 1,
      id: `00000000-0000-4000-8000-${String(this.#ids).padStart(12, "0")}`,
      happenedAt: this.#clock.toISOString(),
      context: {
        service: "shop",
        environment: "production",
        release: null,
        run: "run-1",
        token: null,
        who: "CI",
        ...context,
      },
      what: asJson(what),
    })
    this.rows.push(
      chained({
        number: this.rows.length + 1,
        at: this.#clock.toISOString().replace("Z", "000Z"),
        journaled: false,
        stale: false,
        previous: this.rows.at(-1)?.hash ?? GENESIS,
        body,
      }),
    )
    this.#clock = new Date(this.#clock.getTime() + 1000)
    return this
  }

  adopt(from: Policy | null, to: Policy, by: readonly Person[]): this {
    const approvals = by.map(({ key, approver }) =>
      signChange({
        change: readPolicyChange(changeFile(from, to)),
        key,
        approver: approver.name,
        reason: "reviewed",
        now: this.#clock,
        expiresAt: new Date(this.#clock.getTime() + 3_600_000),
      }),
    )
    return this.add(
      {},
      {
        kind: "policy-adopted",
        digest: policyDigest(to),
        previous: from === null ? null : policyDigest(from),
        reason: "who approves",
        signed: asJson({ policy: to, approvals }),
      },
    )
  }

  /** A deployment up to its approvals; the caller says how it goes on. */
  begin(release: string, what: Plan, by: readonly Person[], more: Partial<HappeningOf<"release-started">> = {}): this {
    const context = { release, run: this.#runOf(release) }
    this.add({ run: context.run }, { kind: "lease-taken", command: "deploy", from: null, reason: null })
    this.add(context, startedOf(what, more))
    this.add(context, stepDone("policy", { detail: { policy: policyDigest(POLICY) } }))
    for (const one of by) this.add(context, approvedBy(one, what, this.#clock))
    return this
  }

  /** Gives the release traffic. */
  switched(release: string): this {
    const context = { release, run: this.#runOf(release) }
    return this.add(context, { kind: "step-started", step: "switch" }).add(
      context,
      stepDone("switch", { seconds: 1, note: "traffic in 900 ms" }),
    )
  }

  end(release: string, more: Partial<HappeningOf<"release-finished">> = {}): this {
    const context = { release, run: this.#runOf(release) }
    return this.add(context, finished({ serving: { release, digest: DIGEST }, ...more }))
  }
}

export function chained(row: Omit<ChainedRow, "hash">): ChainedRow {
  const { number, at, journaled, stale, previous, body } = row
  return { number, at, journaled, stale, previous, hash: rowHash(row), body }
}

export function startedOf(what: Plan, more: Partial<HappeningOf<"release-started">> = {}) {
  return started({
    version: what.releaseVersion,
    image: what.image.next.reference,
    digest: what.image.next.digest,
    planId: what.id,
    configDigest: what.config.digest,
    migrations: what.migrations.map(({ id }) => id),
    ...more,
  })
}

export function approvedBy(by: Person, what: Plan, at: Date, purpose?: "break-glass"): HappeningOf<"approved"> {
  const signed: unknown = JSON.parse(approval(by, { plan: what, at, ...(purpose === undefined ? {} : { purpose }) }))
  const { statement } = z
    .object({
      statement: z.object({
        planId: z.string(),
        planSha256: z.string(),
        approver: z.string(),
        key: z.string(),
        reason: z.string(),
        signedAt: z.string(),
        expiresAt: z.string(),
      }),
    })
    .parse(signed)
  return { kind: "approved", ...statement, signed: asJson(signed) }
}

export const planOf = (version: string): Plan =>
  plan({
    releaseVersion: version,
    commits: { kind: "known", from: "0".repeat(40), to: "1".repeat(40), list: [], authors: ["An Wu"] },
  })

/** In the third quarter: r1 live, r2 rolled back, r3 a rollback, r4 refused, r5 broke glass, r6 interrupted. */
export function history(): Writer {
  const [one, two, four, five, six] = ["1.1", "1.2", "1.4", "1.5", "1.6"].map(planOf)
  if (!(one && two && four && five && six)) throw new Error("there are five plans")
  const writer = new Writer().adopt(null, POLICY, [mei, bo])
  writer.at("2026-06-30T08:00:00Z")
  const zero = planOf("1.0")
  writer.add({}, plannedEvent(zero)).begin("r0", zero, [mei, bo], { previous: null }).switched("r0").end("r0")
  writer.add({}, plannedEvent(one))

  writer.at("2026-07-02T08:00:00Z").begin("r1", one, [mei, bo], { why: '=HYPERLINK("http://x")' })
  writer.add(
    { release: "r1", run: "run-r1" },
    stepDone("migrate", { note: "upgraded; backup b1", detail: { backup: "b1" } }),
  )
  writer.switched("r1").end("r1")
  writer
    .at("2026-07-03T08:00:00Z")
    .add({ service: "blog" }, startedOf(one))
    .add({ environment: "staging" }, startedOf(one))
  writer.at("2026-07-20T08:00:00Z").add({}, plannedEvent(two)).begin("r2", two, [mei, bo]).switched("r2")
  writer.add({ release: "r2", run: "run-r2" }, stepDone("watch", { outcome: "failed", note: "errors 3 %" }))
  writer.end("r2", { outcome: "rolled-back", serving: { release: "r1", digest: DIGEST }, causes: ["errors 3 %"] })
  writer
    .at("2026-08-01T08:00:00Z")
    .add(
      { release: "r3", run: "run-r3", who: "Mei Lin" },
      started({ action: "rollback", planId: null, previous: { release: "r1", digest: DIGEST }, digest: BEFORE }),
    )
  writer.switched("r3").end("r3", { serving: { release: "r0", digest: BEFORE } })
  writer.at("2026-08-02T08:00:00Z").add({}, plannedEvent(four)).begin("r4", four, [mei])
  writer.end("r4", { outcome: "refused", serving: null, causes: ["approval-too-few"] })

  writer.at("2026-08-10T08:00:00Z").add({}, plannedEvent(five)).begin("r5", five, [])
  const glass = approvedBy(mei, five, writer.now, "break-glass")
  writer.add(
    { release: "r5", run: "run-r5" },
    { kind: "broke-glass", reason: "customers cannot pay", waived: ["approval-too-few"], signed: glass.signed },
  )
  writer.switched("r5").end("r5")
  writer.at("2026-09-20T08:00:00Z").add({}, plannedEvent(six)).begin("r6", six, [mei, bo])
  writer.add({ release: "r6", run: "run-r6" }, { kind: "step-started", step: "start" })

  writer.at("2026-10-05T08:00:00Z").add({ release: "r7", run: "run-r7" }, startedOf(six, { planId: null }))
  const review = signReview(
    {
      service: "shop",
      environment: "production",
      release: "r5",
      reason: "customers cannot pay",
      at: "2026-08-10T08:00:00Z",
      signer: "Mei Lin",
      deployer: "CI",
    },
    { key: bo.key, approver: "Bo Chen", reason: "the cause is fixed", now: writer.now },
    POLICY.approvals.keys,
  )
  writer.add(
    { release: "r5", run: "run-review", who: "Bo Chen" },
    { kind: "glass-reviewed", approver: "Bo Chen", reason: "the cause is fixed", signed: asJson(review) },
  )
  return writer.adopt(POLICY, WEAKER, [mei, bo])
}

export function ledgerOf(rows: readonly ChainedRow[]): Pick<Ledger, "rowsAfter" | "rowsOf" | "holder"> {
  return {
    holder: () => Promise.resolve(null),
    rowsAfter: (number, limit) => Promise.resolve(rows.filter((row) => row.number > number).slice(0, limit)),
    rowsOf: (environment, which) =>
      Promise.resolve(
        rows.filter(({ body }) => {
          const parsed = parseBody(body)
          if (parsed?.context.service !== "shop" || parsed.context.environment !== environment) return false
          return "release" in which ? parsed.context.release === which.release : parsed.what.kind === which.kind
        }),
      ),
  }
}

export const THIRD_QUARTER = { from: "2026-07-01T00:00:00.000000Z", to: "2026-10-01T00:00:00.000000Z" }

export function evidenceOf(rows: readonly ChainedRow[], more: { hideOthers?: boolean } = {}) {
  return readEvidence(ledgerOf(rows), {
    service: "shop",
    environment: "production",
    period: THIRD_QUARTER,
    hideOthers: false,
    now: new Date("2026-10-06T09:00:00Z"),
    ...more,
  })
}
