import { createPrivateKey, type KeyObject } from "node:crypto"
import type { ApprovalSettings, Approver } from "../../core/config/approvals.js"
import { newApprovalKey } from "../../core/release/approval/key.js"
import type { ApprovalRecords } from "../../core/release/approval/record-problems.js"
import { recordsOf } from "../../core/release/approval/records.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { makePlan, plannedEvent } from "../../core/release/plan/make.js"
import type { Plan, PlanInput } from "../../core/release/plan/plan.js"
import { sampleEvent } from "./sample-event.js"

export const NOW = new Date("2026-11-22T10:00:00Z")

export interface Person {
  approver: Approver
  key: KeyObject
}

export function person(name: string, more: Partial<Approver> = {}): Person {
  const { privatePem, publicKey } = newApprovalKey(null)
  return { approver: { name, also: [], key: publicKey, ...more }, key: createPrivateKey(privatePem) }
}

export function settings(people: Person[], more: Partial<ApprovalSettings> = {}): ApprovalSettings {
  return {
    required: people.length,
    keys: people.map(({ approver }) => approver),
    longest: 86_400,
    clockSkew: 120,
    breakGlass: true,
    uses: 1,
    requireSeparation: false,
    ...more,
  }
}

export function planInput(more: Partial<PlanInput> = {}): PlanInput {
  return {
    service: "shop",
    environment: "production",
    releaseVersion: "1.4.0",
    source: `sha256:${"5e".repeat(32)}`,
    image: {
      now: { reference: "registry.example/shop@sha256:b2", digest: `sha256:${"b2".repeat(32)}` },
      next: { reference: "registry.example/shop@sha256:a1", digest: `sha256:${"a1".repeat(32)}` },
    },
    commits: {
      kind: "known",
      from: "0".repeat(40),
      to: "1".repeat(40),
      list: [{ id: "1".repeat(40), subject: "Charge once", author: "Mei Lin", at: "2026-11-21T08:00:00Z" }],
      authors: ["Mei Lin"],
    },
    migrations: [
      { id: "0003", path: "migrations/versions/0003_notes.py", lint: { errors: 0, warnings: 1 }, contracts: false },
    ],
    migrationsKnown: true,
    commands: [],
    config: { digest: "scrypt:0011", added: ["NEW_NAME"], removed: [], changed: true },
    settings: { processes: { name: "shop" }, target: { kind: "compose", hosts: ["app1"] } },
    settingsChanged: [],
    checks: [
      { name: "qa", what: "evidence of this source" },
      { name: "scan", what: "" },
    ],
    expected: { seconds: 42, releases: 5 },
    createdAt: "2026-11-22T09:59:00.000Z",
    ...more,
  }
}

export const plan = (more: Partial<PlanInput> = {}): Plan => makePlan(planInput(more))

/** A ledger that has these plans, and in which no approval was used. */
export function recorded(...plans: Plan[]): ApprovalRecords {
  return recordsOf(
    plans.map((one) => sampleEvent(plannedEvent(one), { at: NOW })),
    [],
    new Set(),
  )
}

export interface Signed {
  at?: Date
  until?: Date
  plan?: Plan
  /** What is changed after it was signed. */
  reason?: string
  purpose?: "break-glass"
}

/** An approval as a file, by somebody who may give it. */
export function approval(
  by: Person,
  {
    at = NOW,
    until = new Date(at.getTime() + 4 * 3_600_000),
    plan: what = plan(),
    reason = "reviewed",
    purpose,
  }: Signed = {},
): string {
  return JSON.stringify(
    signApproval({
      plan: what,
      key: by.key,
      approver: by.approver.name,
      reason,
      now: at,
      expiresAt: until,
      ...(purpose === undefined ? {} : { purpose }),
      settings: settings([by], {
        longest: 10 * 365 * 86_400,
        keys: [{ name: by.approver.name, also: [], key: by.approver.key }],
      }),
    }),
  )
}
