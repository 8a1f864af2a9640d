import { describe, expect, it } from "vitest"
import { dockerfileFailure } from "../../core/image/dockerfile-failure.js"
import { firstLine } from "../../core/release/pipeline/run.js"
import { errorWords, lastCause } from "../../core/shared/engine-cause.js"
import { TollgateError } from "../../core/shared/errors.js"

const id = "CqcfChV4eGgzOjBkNWQxYzRlZTQyMDdiOWUS".repeat(200)
const led = (cause: string) =>
  `failed to load container from converted ID: load Container@${id}==: load xxh3:0d5d1c4ee4207b9e: inputs: load xxh3:600e91133dce2344: inputs: load xxh3:c11441c4a90aeb58: inputs: ${cause}`
const dockerfile = [
  "# of the till",
  "FROM python:3.12-slim AS base",
  "RUN true",
  "COPY --chown=1:1 \\",
  "  conf/till.toml \\",
  "  /etc/",
  "COPY --from=base /conf/till.toml /x",
  'ADD ["a b.txt", "/srv/"]',
].join("\n")

describe("an error of the engine", () => {
  it("is shown as its last cause, without encoded ids", () => {
    expect(
      lastCause(
        led(
          "failed to content hash dockerfile copy: failed to copy source directory: lstat /conf/till.toml: no such file or directory",
        ),
      ),
    ).toBe("lstat /conf/till.toml: no such file or directory")
    expect(lastCause(`resolve: Directory@${id}: is a file`)).toBe("resolve: Directory: is a file")
    expect(lastCause("connection refused")).toBe("connection refused")
  })
})

describe("an engine error in a deployment", () => {
  it("is one line of the step, and not forty kilobytes", () => {
    const error = new Error(led("failed to copy source directory: lstat /conf/till.toml: no such file or directory"))
    expect(error.message.length).toBeGreaterThan(5000)
    expect(firstLine(error)).toBe("lstat /conf/till.toml: no such file or directory")
    expect(errorWords(error)).toBe("lstat /conf/till.toml: no such file or directory")
  })

  it("that is ours is shown with its action", () => {
    expect(errorWords(new TollgateError("no", "It failed.", "Run it again."))).toBe("It failed.\n\nRun it again.")
  })
})

describe("a Dockerfile that cannot be built", () => {
  const message = (cause: string) =>
    dockerfileFailure(led(cause), "deploy/Dockerfile", dockerfile).message.split("\n")[0]

  it("is reported with the line of the COPY whose file is missing", () => {
    expect(message("failed to copy source directory: lstat /conf/till.toml: no such file or directory")).toBe(
      "deploy/Dockerfile:4: `COPY --chown=1:1 conf/till.toml /etc/` failed: conf/till.toml was not found.",
    )
    expect(message('failed to calculate checksum of ref abc: "/a b.txt": not found')).toBe(
      'deploy/Dockerfile:8: `ADD ["a b.txt", "/srv/"]` failed: a b.txt was not found.',
    )
  })

  it("is reported with the line that the parser names, or that of the base image", () => {
    expect(message("dockerfile parse error on line 3: unknown instruction: RUNN")).toBe(
      "deploy/Dockerfile:3 could not be built: dockerfile parse error on line 3: unknown instruction: RUNN",
    )
    expect(message("docker.io/library/python:3.12-slim: not found")).toBe(
      "deploy/Dockerfile:2 could not be built: docker.io/library/python:3.12-slim: not found",
    )
    expect(message("no space left on device")).toBe("deploy/Dockerfile could not be built: no space left on device")
  })
})
