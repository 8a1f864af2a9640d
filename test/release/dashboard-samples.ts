import { createPrivateKey } from "node:crypto"
import { parseSettings } from "../../core/config/parse.js"
import type { Settings } from "../../core/config/schema.js"
import type { CiSuite } from "../../core/dashboard/model/suites.js"
import { ciRanOf } from "../../core/ledger/ci-ran.js"
import type { EventContext, Happening } from "../../core/ledger/event.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { newApprovalKey } from "../../core/release/approval/key.js"
import { adoptPolicy } from "../../core/release/policy/adopt.js"
import { changeFile, readPolicyChange } from "../../core/release/policy/change.js"
import { policyDigest, policyFingerprint, policyOf } from "../../core/release/policy/policy.js"
import { signChange } from "../../core/release/policy/sign.js"

import { aStatus, ended } from "../unit/ci-samples.js"

/** A ledger as a team has it after some months, for the tests of the dashboard. */

export const PEOPLE = ["An Wu", "Bo Chen"].map((name) => ({ name, ...newApprovalKey(null) }))

export const settings: Settings = parseSettings(`
qa: { runner: run.py, suites: { e2e: { files: [test.py] } } }
ledger: { service: shop }
environments:
  sandbox: {}
  staging: {}
  production:
    approvals:
      required: 1
      keys:
${PEOPLE.map(({ name, publicKey }) => `        - { name: ${name}, key: "${publicKey}" }`).join("\n")}
    freeze:
      zone: Asia/Taipei
      once: [{ reason: Singles' Day, from: 2026-11-10 18:00, until: 2026-11-12 09:00 }]
      weekly: [{ reason: the weekend, days: [saturday], from: "00:00", until: "24:00" }]
`)

/** What a browser would run if it were ever taken for markup. */
export const XSS = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>"'&{{7*7}}`

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`
const STEPS = [
  "policy",
  "config",
  "evidence",
  "scan",
  "migrations",
  "image",
  "target",
  "approval",
  "backup",
  "migrate",
  "start",
  "healthy",
  "smoke",
  "switch",
  "watch",
  "prune",
]
const DETAILS = new Map<string, Extract<Happening, { kind: "step-finished" }>["detail"]>([
  ["policy", { policy: policyDigest(policyOf(settings, "production")) }],
  ["watch", { requests: 4120, errors: 2, p95: 0.182 }],
])

/** Records one release as its run would. */
export class Run {
  readonly #ledger: Ledger
  readonly #context: EventContext

  constructor(ledger: Ledger, environment: string, release: string, more: Partial<EventContext> = {}) {
    this.#ledger = ledger
    this.#context = {
      service: "shop",
      environment,
      release,
      run: `run-${release}`,
      token: null,
      who: "Mei Lin",
      ...more,
    }
  }

  async record(what: Happening): Promise<void> {
    await this.#ledger.record(this.#context, what)
  }

  start(letter: string, more: Partial<Extract<Happening, { kind: "release-started" }>> = {}): Promise<void> {
    return this.record({
      kind: "release-started",
      action: "deploy",
      version: `1.${letter}`,
      image: `registry.example/shop@${digestOf(letter)}`,
      digest: digestOf(letter),
      previous: { release: "r-1", digest: digestOf("1") },
      revision: letter.repeat(40),
      planId: `plan-${letter.repeat(64)}`,
      sourceDigest: digestOf(letter),
      configDigest: "scrypt:00",
      configNames: ["DATABASE_URL", "PUBLIC_BASE_URL"],
      migrations: [],
      why: "the weekly release",
      scheduledFor: null,
      ...more,
    })
  }

  async steps(count: number, seconds = 2): Promise<void> {
    for (const step of STEPS.slice(0, count)) {
      await this.begin(step)
      await this.done(step, seconds)
    }
  }

  begin(step: string): Promise<void> {
    return this.record({ kind: "step-started", step })
  }

  done(step: string, seconds = 2, note = ""): Promise<void> {
    return this.record({
      kind: "step-finished",
      step,
      outcome: "done",
      seconds,
      note: note === "" ? `${step} passed` : note,
      detail: DETAILS.get(step) ?? null,
    })
  }

  /** @param letter of the release that serves then */
  end(
    letter: string,
    outcome: "live" | "failed" | "rolled-back" | "refused" = "live",
    causes: string[] = [],
  ): Promise<void> {
    return this.record({
      kind: "release-finished",
      outcome,
      serving: { release: `r-${letter}`, digest: digestOf(letter) },
      causes,
      seconds: 34.2,
    })
  }
}

/** Production after some releases, a failed one, one that broke glass, a plan that waits; and everything hostile in text. */
export async function fillLedger(ledger: Ledger): Promise<void> {
  const policy = policyOf(settings, "production")
  const now = new Date()
  const [first] = PEOPLE
  if (first === undefined) throw new Error("there are approvers")
  const approval = signChange({
    change: readPolicyChange(changeFile(null, policy)),
    key: createPrivateKey(first.privatePem),
    approver: first.name,
    reason: "the first policy",
    now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  })
  await adoptPolicy(
    settings,
    {
      environment: "production",
      fingerprint: policyFingerprint(policyDigest(policy)),
      approvals: [JSON.stringify(approval)],
      reason: "the first policy",
      who: "An Wu",
    },
    ledger,
  )
  for (const [index, letter] of ["1", "2", "3"].entries()) {
    const run = new Run(ledger, "production", `r-${letter}`)
    await run.start(
      letter,
      index === 2 ? { migrations: ["0007_refunds"], configNames: ["DATABASE_URL", "REFUNDS_URL"] } : {},
    )
    await run.record(approvedBy("An Wu", letter, "2030-01-01T00:00:00Z"))
    await run.steps(STEPS.length, 2 + index)
    await run.end(letter)
    await run.record({ kind: "notified", event: "live", channel: "slack", sent: true, attempts: 1, error: null })
  }
  const failed = new Run(ledger, "production", "r-4", { who: "Bo Chen" })
  await failed.start("4")
  await failed.record({
    kind: "broke-glass",
    reason: "checkout is down for everyone",
    waived: ["approval-too-few"],
    signed: null,
  })
  await failed.steps(12)
  await failed.begin("smoke")
  await failed.record({
    kind: "step-finished",
    step: "smoke",
    outcome: "failed",
    seconds: 1.2,
    note: "POST /checkout answered 500",
    detail: null,
  })
  await failed.end("3", "failed", ["smoke: POST /checkout answered 500", "the service logged: KeyError: 'amount'"])

  // a person, a commit, a note and a cause that want to be markup
  const hostile = new Run(ledger, "staging", "r-xss", { who: XSS, run: XSS })
  await hostile.start("5", { version: XSS, why: XSS, migrations: [XSS], configNames: [XSS], revision: XSS, image: XSS })
  await hostile.record({ ...approvedBy(XSS, "5", "2020-01-01T00:00:00Z"), reason: XSS, key: XSS })
  await hostile.record({ kind: "broke-glass", reason: XSS, waived: [XSS], signed: null })
  await hostile.begin(XSS)
  await hostile.record({
    kind: "step-finished",
    step: XSS,
    outcome: "failed",
    seconds: 1,
    note: XSS,
    detail: { figure: XSS },
  })
  await hostile.record({ kind: "release-finished", outcome: "failed", serving: null, causes: [XSS], seconds: 3 })
  await hostile.record({ kind: "notified", event: XSS, channel: XSS, sent: false, attempts: 3, error: XSS })
  await new Run(ledger, "staging", "", {}).record({ kind: "maintenance", on: true, message: XSS })

  const tested: EventContext = { ...NOWHERE, environment: "", run: "run-ci", who: "Bo Chen" }
  const suite: CiSuite = {
    name: "e2e",
    verdict: "passed",
    tests: 49,
    failed: 0,
    failedTests: [],
    seconds: 86,
    cached: false,
  }
  const status = aStatus({ test: ended({ suites: [suite], figures: [{ name: "coverage", value: 98.99 }] }, 0, 111) })
  const run = ciRanOf(status, { branch: "main", change: "12", base: null })
  await ledger.record(tested, { ...run, seconds: 140 })
  await ledger.record(tested, run)
  await ledger.record(
    { ...tested, who: XSS },
    {
      ...{ ...run, branch: XSS, change: XSS, app: XSS, revision: XSS, source: XSS, words: XSS, verdict: "failed" },
      gates: run.gates.map((gate) => ({
        ...gate,
        name: XSS,
        words: XSS,
        reasons: [XSS],
        suites: [{ ...suite, name: XSS }],
      })),
    },
  )

  const planner: EventContext = {
    service: "shop",
    environment: "production",
    release: null,
    run: "run-plan",
    token: null,
    who: "Mei Lin",
  }
  await ledger.record(planner, {
    kind: "planned",
    planId: `plan-${"6".repeat(64)}`,
    planSha256: "66",
    authors: ["Bo Chen"],
    authorsUnknown: "",
    settings: {},
    commits: null,
    revision: null,
  })
}

const NOWHERE = { service: "shop", release: null, token: null }

export function approvedBy(
  approver: string,
  letter: string,
  expiresAt: string,
): Extract<Happening, { kind: "approved" }> {
  return {
    kind: "approved",
    planId: `plan-${letter.repeat(64)}`,
    planSha256: letter.repeat(2),
    approver,
    key: "ed25519:k",
    reason: "reviewed with the team",
    signedAt: "2026-11-22T10:00:00Z",
    expiresAt,
    signed: null,
  }
}

/** SQL that writes a long history of `archive` at once, past the trigger: only a superuser can. Ten events a release. */
export function longHistory(releases: number): string {
  const body = (
    what: string,
  ) => `jsonb_build_object('version', 1, 'id', gen_random_uuid(), 'happenedAt', '2026-01-01T00:00:00Z',
    'context', jsonb_build_object('service', 'shop', 'environment', 'archive', 'release', 'a-' || n, 'run', 'run-' || n, 'token', null, 'who', (ARRAY['Mei Lin','Bo Chen','An Wu'])[1 + n % 3]),
    'what', ${what})`
  const started = `jsonb_build_object('kind', 'release-started', 'action', CASE n % 20 WHEN 0 THEN 'rollback' ELSE 'deploy' END, 'version', '0.' || n, 'image', 'shop@sha256:' || n, 'digest', 'sha256:' || md5(n::text),
    'previous', null, 'revision', null, 'planId', null, 'sourceDigest', null, 'configDigest', null, 'configNames', '[]'::jsonb, 'migrations', '[]'::jsonb, 'why', '', 'scheduledFor', null)`
  const step = (kind: string) =>
    `jsonb_build_object('kind', '${kind}', 'step', 'step-' || (k / 2), 'outcome', 'done', 'seconds', 1, 'note', 'passed', 'detail', null)`
  const ended = `jsonb_build_object('kind', 'release-finished', 'outcome', CASE n % 7 WHEN 0 THEN 'failed' ELSE 'live' END, 'serving', jsonb_build_object('release', 'a-' || n, 'digest', 'sha256:' || md5(n::text)), 'causes', CASE n % 7 WHEN 0 THEN '["smoke failed"]'::jsonb ELSE '[]'::jsonb END, 'seconds', 30 + n % 11)`
  return `ALTER TABLE tollgate_ledger.events DISABLE TRIGGER chained;
INSERT INTO tollgate_ledger.events (number, id, at, journaled, stale, previous, hash, body)
SELECT (n - 1) * 10 + k + 1, (b ->> 'id')::uuid, timestamptz '2026-01-01 00:00Z' + ((n - 1) * 10 + k) * (interval '277 days' / ${releases * 10}), false, false, '', md5(n || ' ' || k), b::text
FROM generate_series(1, ${releases}) n, generate_series(0, 9) k,
LATERAL (SELECT CASE k WHEN 0 THEN ${body(started)} WHEN 9 THEN ${body(ended)} ELSE CASE k % 2 WHEN 1 THEN ${body(step("step-started"))} ELSE ${body(step("step-finished"))} END END) AS made (b);
ALTER TABLE tollgate_ledger.events ENABLE ALWAYS TRIGGER chained;
INSERT INTO tollgate_ledger.leases (service, environment) VALUES ('shop', 'archive');
ANALYZE tollgate_ledger.events`
}
