import type { EventContext, HappeningOf } from "../../core/ledger/event.js"

export const DIGEST = `sha256:${"a1".repeat(32)}`
export const BEFORE = `sha256:${"b2".repeat(32)}`

export function context(more: Partial<EventContext> = {}): EventContext {
  return {
    service: "shop",
    environment: "production",
    release: "r1",
    run: "run-1",
    token: null,
    who: "Mei Lin",
    ...more,
  }
}

export function started(more: Partial<HappeningOf<"release-started">> = {}): HappeningOf<"release-started"> {
  return {
    kind: "release-started",
    action: "deploy",
    version: "1.4.0",
    image: `registry.example/shop@${DIGEST}`,
    digest: DIGEST,
    previous: { release: "r0", digest: BEFORE },
    revision: "0123456789abcdef0123456789abcdef01234567",
    planId: `plan-${"c3".repeat(32)}`,
    sourceDigest: `sha256:${"d4".repeat(32)}`,
    configDigest: "scrypt:00",
    configNames: ["DATABASE_URL"],
    migrations: ["0003"],
    why: "weekly release",
    scheduledFor: null,
    ...more,
  }
}

export function stepDone(step: string, more: Partial<HappeningOf<"step-finished">> = {}): HappeningOf<"step-finished"> {
  return { kind: "step-finished", step, outcome: "done", seconds: 1.5, note: "", detail: null, ...more }
}

export function finished(more: Partial<HappeningOf<"release-finished">> = {}): HappeningOf<"release-finished"> {
  return {
    kind: "release-finished",
    outcome: "live",
    serving: { release: "r1", digest: DIGEST },
    causes: [],
    seconds: 42,
    ...more,
  }
}
