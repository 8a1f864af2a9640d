import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { look, requireServes } from "../../core/release/status/serves.js"
import type { Answer, HttpRequest, Maintenance, Target } from "../../core/targets/target.js"
import { fakeTarget, instance, running, serving } from "./release-samples.js"

const settings = parseSettings(`
qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }
release: { version: { variable: APP_VERSION, path: /version } }
`)
const OWN = instance("r2", { version: "2" })
const ON: Maintenance = { kind: "on", message: "Back at ten" }

function answer(status: number, body: string): Answer {
  return { kind: "answered", status, headers: new Map(), body, milliseconds: 1 }
}

/** @param version what the release itself answers */
function targetWith(maintenance: Maintenance, version: string, more: Partial<Target> = {}): Target {
  const ask = ({ path }: HttpRequest) => answer(200, path === "/version" ? version : "ok")
  // as kamal-proxy: it answers the health path itself
  const closed = ({ path }: HttpRequest) => (path === "/version" ? answer(503, "Back at ten") : answer(200, ""))
  return fakeTarget({
    running: () => Promise.resolve(running({ kind: "live", instance: OWN }, { maintenance })),
    request: (_, request) => Promise.resolve(ask(request)),
    requestLive: (request) => Promise.resolve(maintenance.kind === "on" ? closed(request) : ask(request)),
    ...more,
  })
}

describe("a release that was switched to", () => {
  it("is verified from outside, and behind maintenance mode by itself", async () => {
    expect(await requireServes(targetWith({ kind: "off" }, "2"), settings, OWN)).toBe("serving 2")
    expect(await requireServes(targetWith(ON, "2"), settings, OWN)).toBe("2 answers behind maintenance mode")
  })

  it.each<[string, Target]>([
    ["another version answers behind maintenance mode", targetWith(ON, "1")],
    [
      "it does not answer behind maintenance mode, though the proxy says that all is well",
      targetWith(ON, "2", {
        request: () => Promise.resolve({ kind: "silent", why: "it does not run", milliseconds: 0 }),
      }),
    ],
    [
      "another release has the traffic behind maintenance mode",
      targetWith(ON, "2", { running: () => Promise.resolve(running(serving("r1"), { maintenance: ON })) }),
    ],
  ])("is not said to serve when %s", async (_, target) => {
    expect((await look(target, settings, OWN)).why).not.toBeNull()
  })
})
