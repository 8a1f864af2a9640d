import { afterEach, describe, expect, it, vi } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { notifier } from "../../core/notify/notifier.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import { Recorder } from "../../core/release/ledger/recorder.js"
import { nextOf, outcomeOf } from "../../core/release/rollback/next.js"
import { rollBackIn } from "../../core/release/rollback/rollback.js"
import { TargetError } from "../../core/targets/errors.js"
import type { Instance, Target } from "../../core/targets/target.js"
import { fakeTarget, instance, running, serving } from "./release-samples.js"

const settings = parseSettings(
  "version: 1\napp: { path: app }\nqa: { suites: { api: { files: [tests/test_api.py] } } }\nimage: { name: shop }\n",
)

/** Two releases: r2 has the traffic, r1 is retained and does not come up. */
function target(more: Partial<Target> = {}): Target {
  return fakeTarget({
    running: () => Promise.resolve(running(serving("r2"), { retained: [instance("r1")] })),
    requestLive: () =>
      Promise.resolve({ kind: "answered", status: 200, headers: new Map(), body: "ok", milliseconds: 1 }),
    switch: (to: Instance) =>
      to.release === "r1"
        ? Promise.reject(
            new TargetError("never-healthy", "app1", "release r1 did not become healthy.", "Read its log."),
          )
        : Promise.resolve({ traffic: 0.1, workers: 0.1 }),
    logs: (of: Instance) =>
      Promise.resolve(of.replicas.map((replica) => ({ replica, lines: [`${of.release}: no such table, pass-123`] }))),
    ...more,
  })
}

async function rolledBack(on: Target) {
  const context = { service: "shop", environment: "production", run: "1", who: "ann", why: "it fails" }
  return await rollBackIn(
    settings,
    {
      environment: "production",
      to: "",
      why: "it fails",
      caller: { who: "ann", owner: "ann's laptop" },
      access: { ssh: null, registry: null },
      ledger: null,
      notify: null,
      secrets: null,
    },
    {
      place: { target: on, login: null, variables: new Map(), publish: null, postgres: null },
      recorder: new Recorder(
        context,
        "r3",
        null,
        null,
        notifier({ channels: [], unusable: [] }, 1, (text) => text),
      ),
      lease: null,
      release: "r3",
      ledger: null,
      redact: (text) => text.replaceAll("pass-123", "***"),
      samples: null,
      logs: null,
      claim: async () => ({ running: await on.running(), warning: "no ledger: claimed as lease 1" }),
      keepHead: () => Promise.resolve([]),
    },
  )
}

describe("a rollback that fails", () => {
  afterEach(() => void vi.restoreAllMocks())

  it("prints the log of the release that did not come up, without secrets, and says what to do", async () => {
    const result = await rolledBack(target())
    expect(result).toMatchObject({ outcome: "failed", serving: { release: "r2" } })
    expect(result.printed).toEqual(["r1: no such table, ***"])
    const screen = releaseScreen(result)
    expect(screen).toContain("r1: no such table, ***")
    expect(screen).toContain("tollgate history --env=production")
    expect(screen.trimEnd().split("\n").at(-1)).toBe(
      "FAILED: production was not rolled back to version of r1; version of r2 (r2) is serving",
    )
  })

  it("keeps why the earlier release is not serving either", async () => {
    // each look at the clock is 16 s after the one before: patience ends after one look at the target
    let now = 0
    vi.spyOn(performance, "now").mockImplementation(() => (now += 16_000))
    const result = await rolledBack(
      target({ requestLive: () => Promise.resolve({ kind: "silent", why: "connection refused", milliseconds: 1 }) }),
    )
    expect(result.outcome).toBe("broken")
    expect(result.causes).toContainEqual(
      expect.stringMatching(/^Release r2 \(version of r2\) is not serving: .*connection refused/),
    )
    expect(result.next).toContain("tollgate rollback --env=production --to=RELEASE")
  })

  it("has an action, however it ended", () => {
    for (const outcome of ["live", "refused", "failed", "rolled-back", "interrupted", "broken"] as const)
      expect(nextOf(outcome, "production", [])).not.toBe("")
  })

  it("is refused until it has chosen a release, and broken where the one before is not serving", () => {
    expect(outcomeOf({ at: "choose", lost: true, serves: false })).toBe("refused")
    expect(outcomeOf({ at: "switch", lost: true, serves: false })).toBe("interrupted")
    expect(outcomeOf({ at: "start", lost: false, serves: true })).toBe("failed")
    expect(outcomeOf({ at: "start", lost: false, serves: false })).toBe("broken")
  })
})
