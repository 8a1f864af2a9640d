import { describe, expect, test } from "vitest"
import { chooseEngine, explainNone, type Facts } from "../../cli/engine/choose.js"

const nothing: Facts = {
  givenRunner: undefined,
  containerEngine: undefined,
  containerClients: [],
  platform: "linux",
  arch: "x64",
  root: false,
  go: undefined,
  goNeeded: "1.26.1",
  goIsEnough: false,
  missingTools: [],
}
const linux: Facts = { ...nothing, root: true, go: "1.26.8", goIsEnough: true }
const docker: Facts = { ...nothing, containerEngine: "docker", containerClients: ["docker"] }

function lacks(facts: Facts): string {
  const choice = chooseEngine(facts)
  if (choice.kind !== "none") throw new Error(`chose ${choice.kind}`)
  return explainNone(choice)
}

describe("the engine that is used", () => {
  test("is the one the user names, whatever else is there", () => {
    expect(chooseEngine({ ...docker, givenRunner: "tcp://build:8080" })).toEqual({
      kind: "given",
      runner: "tcp://build:8080",
    })
  })

  test("is Docker's as soon as Docker answers, before the one without Docker", () => {
    expect(chooseEngine({ ...linux, ...docker, root: true })).toEqual({ kind: "docker", engine: "docker" })
  })

  test.each(["linux", "darwin"])("is Docker's for an ordinary user on %s, whatever the processor", (platform) => {
    for (const arch of ["x64", "arm64"])
      expect(chooseEngine({ ...docker, platform, arch })).toEqual({ kind: "docker", engine: "docker" })
  })

  test("may be Podman's", () => {
    expect(chooseEngine({ ...docker, containerEngine: "podman" })).toMatchObject({ kind: "docker", engine: "podman" })
  })

  test("is our own on Linux with root and Go when there is no Docker", () => {
    expect(chooseEngine(linux)).toEqual({ kind: "local" })
  })

  test("is our own when a Docker client is there but no engine answers", () => {
    expect(chooseEngine({ ...linux, containerClients: ["docker"] })).toEqual({ kind: "local" })
  })
})

describe("where no engine can be used, what is said", () => {
  test("names all that is missing for each way, and how to get it", () => {
    const text = lacks(nothing)
    expect(text).toContain("a container engine: Docker")
    expect(text).toContain("root: run the command with sudo")
    expect(text).toContain("Go 1.26.1 or newer: https://go.dev/dl")
    expect(text).toContain("_EXPERIMENTAL_DAGGER_RUNNER_HOST")
  })

  test("tells a stopped engine from a missing one", () => {
    expect(lacks({ ...nothing, containerClients: ["docker"] })).toContain(
      "`docker info` gets no answer from an engine; start it",
    )
  })

  test("reports an older Go that may be unable to download a newer toolchain", () => {
    expect(lacks({ ...linux, go: "1.22", goIsEnough: false })).toContain("1.22 is installed")
  })

  test("does not send a Mac looking for Go", () => {
    const text = lacks({ ...nothing, platform: "darwin" })
    expect(text).toContain("Linux: this is macOS")
    expect(text).not.toContain("Go 1.26")
  })

  test("names programs that cannot be installed for the user", () => {
    expect(lacks({ ...linux, missingTools: ["debootstrap", "iptables"] })).toContain("debootstrap, iptables")
  })

  test("says which processors the engine is built for", () => {
    expect(lacks({ ...linux, arch: "arm64" })).toContain("an x86-64 processor: this is arm64")
  })
})
