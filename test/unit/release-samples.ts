import type { Instance, Live, Running, Target } from "../../core/targets/target.js"

export function instance(release: string, more: Partial<Instance> = {}): Instance {
  return {
    release,
    version: `version of ${release}`,
    image: `registry/shop@sha256:${release}`,
    digest: `sha256:${release}`,
    configDigest: "config",
    revision: null,
    colour: "blue",
    startedAt: `2026-11-22T09:0${release.replace(/\D/g, "")}:00Z`,
    switchedAt: "2026-11-22T09:00:00Z",
    replicas: [
      {
        place: "app1",
        process: "web",
        name: `shop-web-${release}`,
        state: { kind: "running", check: "healthy", restarts: 0 },
      },
    ],
    ...more,
  }
}

export function running(live: Live, more: Partial<Running> = {}): Running {
  return { live, retained: [], candidates: [], maintenance: { kind: "off" }, places: [], claimed: null, ...more }
}

export const serving = (release: string): Live => ({ kind: "live", instance: instance(release) })

export const shared = (...releases: string[]): Live => ({
  kind: "split",
  at: releases.map((release, index) => ({ place: `app${index + 1}`, release })),
  instances: releases.map((release) => instance(release)),
})

/** A target that can do only what a test says. */
export function fakeTarget(does: Partial<Target>): Target {
  const never = (): never => {
    throw new RangeError("this test has no use for it")
  }
  return {
    name: "app1",
    check: never,
    running: never,
    claim: never,
    start: never,
    health: never,
    request: never,
    requestLive: never,
    switch: never,
    stop: never,
    retire: never,
    prune: never,
    runJob: never,
    logs: never,
    output: never,
    news: never,
    variables: never,
    maintenance: never,
    traffic: never,
    dial: never,
    close: () => Promise.resolve(),
    ...does,
  }
}
