import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { serviceFailure } from "../../core/qa/service-failure.js"

const { services } = parseSettings(
  "qa: { suites: { e2e: { files: [tests/test_a.py] } }, services: { redis: false, broker: { image: acme/broker:4, port: 5672 } } }",
).qa
const failure = (message: string) => {
  const error = serviceFailure(message, "qa.services", services)
  return error === null ? null : [error.code, error.message.split("\n")[0]]
}

describe("a service that does not start", () => {
  // as the engine words it
  const trace = "[traceparent:1d334cf3eca60617b294b5ef550f48c7-35087f9c1f0f2af4]"

  it("is named with its image and how it ended", () => {
    expect(failure(`start ptvklosrenuc0 (aliased as broker): exit code: 3 ${trace}`)).toEqual([
      "service-not-started",
      "The service broker (acme/broker:4) did not stay up: it exited with code 3.",
    ])
    expect(
      failure(
        `start a1 (aliased as broker): start b2 (aliased as postgres): health check errored: exit code: 2 ${trace}`,
      ),
    ).toEqual([
      "service-not-started",
      "The service postgres (postgres:15) did not become healthy within 90 s: its check exited with code 2.",
    ])
  })

  it("is named when its image cannot be pulled", () => {
    const missing = (image: string) =>
      `failed to resolve image "docker.io/${image}" (platform: "linux/amd64"): docker.io/${image}: not found`
    expect(failure(missing("acme/broker:4"))).toEqual([
      "image-unavailable",
      `Could not pull acme/broker:4 (qa.services.broker): ${missing("acme/broker:4")}`,
    ])
    expect(failure(missing("library/postgres:15"))?.[1]).toMatch("Could not pull postgres:15 (qa.services.postgres): ")
  })

  it("is not another error", () => {
    expect(failure("exit code: 3")).toBeNull()
    expect(failure('failed to resolve image "docker.io/library/python:9": not found')).toBeNull()
  })
})
