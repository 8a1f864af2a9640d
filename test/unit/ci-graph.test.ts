import { describe, expect, it } from "vitest"
import { runGraph, type States } from "../../core/ci/graph.js"
import { type Change, planGates } from "../../core/ci/plan.js"
import { type CiGate, ciGates } from "../../core/config/gates.js"
import { parseSettings } from "../../core/config/parse.js"
import type { GateOutcome } from "../../core/gate/outcome.js"
import { TollgateError } from "../../core/shared/errors.js"
import { outcome } from "./ci-samples.js"

const NAMES = ciGates.map(({ name }) => name)

const touched = (...files: string[]): Change => ({ kind: "known", files })
const unknown: Change = { kind: "unknown", why: "--base is not set" }
const paths = { test: ["app/**", "tests/**"], image: ["app/**", "Dockerfile"], load: ["app/**"] }

function leftOut(change: Change, absent: [CiGate, string][] = []) {
  const plan = planGates({ paths, absent: new Map(absent), change, saved: null })
  return Object.fromEntries(plan.flatMap(({ name, leftOut }) => (leftOut === null ? [] : [[name, leftOut]])))
}

describe("which gates run", () => {
  it("leaves out what a change cannot touch, and says by which patterns", () => {
    expect(leftOut(touched("docs/a.md", "Dockerfile"))).toEqual({
      test: "none of the 2 changed files matches paths.test (app/**, tests/**)",
      "patch-coverage": "test does not run: none of the 2 changed files matches paths.test (app/**, tests/**)",
      load: "none of the 2 changed files matches paths.load (app/**)",
    })
  })

  it("runs everything when the base is unknown, but for the comparison with it", () => {
    expect(leftOut(unknown)).toEqual({ "patch-coverage": "no base to compare with: --base is not set" })
  })

  it("runs everything after a change of tollgate.yaml, which says what the gates are", () => {
    expect(leftOut(touched("tollgate.yaml", "docs/a.md"))).toEqual({})
  })

  it("never leaves out config, and leaves out no gate without patterns", () => {
    const plan = leftOut(touched())
    expect(plan).not.toHaveProperty("config")
    expect(plan).not.toHaveProperty("scan")
    expect(plan["test"]).toBe("nothing changed since the base")
  })

  it("does not run what tollgate.yaml has nothing for", () => {
    expect(leftOut(unknown, [["load", "tollgate.yaml has no section `load`"]])["load"]).toContain("no section")
  })

  it("reads the patterns from tollgate.yaml, and refuses gates that there are not and empty lists", () => {
    const qa = "qa: { runner: r.py, suites: { e2e: { files: [tests/test_a.py] } } }"
    expect(parseSettings(`${qa}\npaths: { test: ["app/**"] }`).paths).toEqual({ test: ["app/**"] })
    expect(() => parseSettings(`${qa}\npaths: { tests: ["app/**"] }`)).toThrow("did you mean `test`?")
    expect(() => parseSettings(`${qa}\npaths: { config: ["app/**"] }`)).toThrow("is not a known key")
    expect(() => parseSettings(`${qa}\npaths: { test: [] }`)).toThrow("lists nothing")
  })
})

/** Gates that end when the test says so. */
class Gates {
  readonly log: string[] = []
  readonly #ends = new Map<CiGate, (outcome: GateOutcome<string>) => void>()
  readonly states: Promise<States<string>>

  constructor(failFast = false, change: Change = touched("app/x.py")) {
    this.states = runGraph<string>({
      plan: planGates({ paths: {}, absent: new Map(), change, saved: null }),
      failFast,
      onChange: (gate, states) => this.log.push(`${gate} ${states.get(gate)?.kind}`),
      run: (gate) => new Promise((resolve) => this.#ends.set(gate, resolve)),
    })
  }

  get running(): CiGate[] {
    return NAMES.filter((gate) => this.#ends.has(gate))
  }

  async end(gate: CiGate, some: Partial<GateOutcome<string>> = {}): Promise<void> {
    this.#ends.get(gate)?.(outcome(some))
    this.#ends.delete(gate)
    await new Promise((later) => setImmediate(later))
  }
}

describe("the graph", () => {
  it("starts what needs nothing at once, and the load test when nothing else is left", async () => {
    const gates = new Gates()
    expect(gates.running).toEqual(["config", "test", "image", "migrations"])
    await gates.end("image")
    expect(gates.running).toEqual(["config", "test", "scan", "migrations"])
    await gates.end("migrations")
    await gates.end("scan")
    await gates.end("config")
    await gates.end("test")
    expect(gates.running).toEqual(["patch-coverage"])
    await gates.end("patch-coverage")
    expect(gates.running).toEqual(["load"])
    await gates.end("load")
    expect([...(await gates.states).values()].map(({ kind }) => kind)).toEqual(NAMES.map(() => "ended"))
  })

  it("runs to the end after a failure, so that one push shows every problem", async () => {
    const gates = new Gates()
    await gates.end("test", { verdict: "failed" })
    expect(gates.running).toContain("patch-coverage")
    await gates.end("image")
    expect(gates.running).toContain("scan")
  })

  it("does not load an image that failed, and still scans it", async () => {
    const gates = new Gates()
    await gates.end("image", { verdict: "failed" })
    for (const gate of ["config", "test", "scan", "migrations", "patch-coverage"] as const) await gates.end(gate)
    expect((await gates.states).get("load")).toEqual({ kind: "skipped", why: "image did not pass" })
  })

  it("does not build an image a second time that does not build", async () => {
    const gates = new Gates()
    await gates.end("image", { verdict: "failed", product: null })
    for (const gate of ["config", "test", "migrations", "patch-coverage"] as const) await gates.end(gate)
    expect((await gates.states).get("scan")).toEqual({ kind: "skipped", why: "image could not run" })
  })

  it("ends with the first gate that does not pass under --fail-fast, and passes none of the others", async () => {
    const gates = new Gates(true)
    await gates.end("config")
    await gates.end("test", { verdict: "inconclusive" })
    const states = await gates.states
    // one that ends later changes nothing
    await gates.end("image")
    expect(states.get("config")).toMatchObject({ kind: "ended" })
    for (const gate of ["image", "scan", "migrations", "load", "patch-coverage"] as const)
      expect(states.get(gate)).toEqual({ kind: "skipped", why: "stopped, because test did not pass (--fail-fast)" })
  })

  it("takes an error for a failed gate, with what to do next", async () => {
    const states = await runGraph<string>({
      plan: planGates({ paths: {}, absent: new Map(), change: unknown, saved: null }),
      failFast: false,
      onChange: () => undefined,
      run: async (gate) => {
        if (gate === "scan") throw new TollgateError("x", "No database.", "Set scan.database.")
        if (gate === "image") throw new Error("engine gone")
        return outcome()
      },
    })
    expect(states.get("image")).toMatchObject({ outcome: { verdict: "failed", words: "engine gone" } })
    expect(states.get("scan")).toMatchObject({ kind: "skipped", why: "image could not run" })
    expect(states.get("test")).toMatchObject({ outcome: { verdict: "passed" } })
  })
})
