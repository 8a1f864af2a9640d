import type { GateState } from "../../core/ci/graph.js"
import { type Status, statusOf } from "../../core/ci/status.js"
import type { CiGate } from "../../core/config/gates.js"
import type { GateOutcome } from "../../core/gate/outcome.js"

export function outcome(some: Partial<GateOutcome<string>> = {}): GateOutcome<string> {
  return {
    verdict: "passed",
    words: "as it should be",
    reasons: [],
    figures: [],
    cached: false,
    product: "made",
    ...some,
  }
}

export function ended(some: Partial<GateOutcome<string>> = {}, from = 0, seconds = 1): GateState<string> {
  return { kind: "ended", outcome: outcome(some), from: 1000 + from * 1000, seconds }
}

/** A run in which every gate passed, but for what is changed. */
export function aStatus(
  changes: Partial<Record<CiGate, GateState<string>>> = {},
  baseline: Status | null = null,
): Status {
  const states = new Map<CiGate, GateState<string>>([
    ["config", ended({ words: "tollgate.yaml is valid" }, 0, 0.2)],
    ["test", ended({ words: "5 suites, 346 tests", figures: [{ name: "coverage", value: 98.99 }] }, 0, 111)],
    ["patch-coverage", ended({ words: "12 changed lines", figures: [{ name: "patch-coverage", value: 100 }] }, 111, 6)],
    ["image", ended({ words: "sha256", figures: [{ name: "image-size", value: 214_000_000 }] }, 0, 40)],
    ["scan", ended({ words: "no critical finding", figures: [{ name: "findings", value: 61 }] }, 40, 20)],
    ["load", ended({ words: "7 thresholds", figures: [{ name: "p95", value: 41.3 }] }, 117, 35)],
  ])
  for (const gate of states.keys()) {
    const change = changes[gate]
    if (change !== undefined) states.set(gate, change)
  }
  return statusOf(
    {
      app: "examples/payments",
      source: "sha256:0123456789abcdef",
      revision: "a".repeat(40),
      changed: 3,
      startedAt: "2026-03-02T09:14:07.000Z",
      seconds: 152,
      began: 1000,
    },
    states,
    baseline,
  )
}
