import { describe, expect, it } from "vitest"
import { lineageOf } from "../../core/image/dockerfile-lineage.js"

const lineage = (
  dockerfile: string,
  more: { target?: string; given?: Record<string, string>; platform?: string } = {},
) => lineageOf(dockerfile, more.target, more.given ?? {}, more.platform ?? "linux/amd64")
const base = (dockerfile: string, more = {}) => lineage(dockerfile, more).base
const image = (name: string, platform = "linux/amd64") => ({ kind: "image", name, platform })

describe("the base image of a Dockerfile", () => {
  it.each([
    ["FROM python:3.11-slim", image("python:3.11-slim")],
    ["from python:3.11-slim as app\nRUN make", image("python:3.11-slim")],
    ["FROM scratch\nCOPY a /a", { kind: "scratch" }],
    ["FROM debian AS build\nRUN make\nFROM scratch\nCOPY --from=build /a /a", { kind: "scratch" }],
    ["FROM debian AS base\nFROM base AS middle\nFROM alpine AS other\nFROM Middle", image("debian")],
    // a stage refers to an earlier stage of that name, not to a later one
    ["FROM debian\nFROM alpine AS debian", image("alpine")],
    ["FROM debian AS debian\nFROM debian", image("debian")],
    ["FROM registry:5000/acme/base@sha256:00", image("registry:5000/acme/base@sha256:00")],
    ["FROM debian \\\n  AS build", image("debian")],
    ["COPY <<EOF /x\nFROM nowhere\nEOF\nFROM debian", image("debian")],
  ])("%j is %j", (dockerfile, expected) => {
    expect(base(dockerfile)).toEqual(expected)
  })

  it("is the base of the built stage", () => {
    const dockerfile = "FROM debian AS one\nRUN a\nFROM one AS Two\nRUN b\nFROM alpine AS three\nRUN c\n"
    expect(lineage(dockerfile, { target: "two" })).toEqual({
      base: image("debian"),
      runs: ["RUN a", "RUN b"],
      texts: [],
      copied: [],
    })
    const others = { texts: [], copied: [] }
    expect(lineage(dockerfile, { target: "ONE" })).toEqual({ base: image("debian"), runs: ["RUN a"], ...others })
    expect(lineage(dockerfile)).toEqual({ base: image("alpine"), runs: ["RUN c"], ...others })
    expect(base(dockerfile, { target: "four" })).toEqual({ kind: "unknown" })
  })

  it.each([
    ["ARG BASE=debian\nFROM $BASE", {}, "debian"],
    ["ARG BASE=debian\nFROM $BASE", { BASE: "alpine" }, "alpine"],
    ["ARG BASE\nFROM ${BASE}", { BASE: "alpine" }, "alpine"],
    ["ARG V=\"3.11\" W='slim'\nARG TAG=${V}-$W\nFROM python:$TAG", {}, "python:3.11-slim"],
    ["ARG V=3.11\nFROM python:${V:-3.12}", {}, "python:3.11"],
    ["FROM python:${V:-3.12}", {}, "python:3.12"],
    ["ARG V=\nFROM python:${V:-3.12}", {}, "python:3.12"],
    ["ARG SLIM=1\nFROM python:3.11${SLIM:+-slim}", {}, "python:3.11-slim"],
    ["FROM python:3.11${SLIM:+-slim}", {}, "python:3.11"],
    ['FROM "python:3.11"', {}, "python:3.11"],
    ["FROM acme/$TARGETOS-${TARGETARCH}", {}, "acme/linux-amd64"],
    // FROM cannot use a stage's own arguments
    ["ARG V=1\nFROM a:$V AS one\nARG V=2\nFROM b:$V", {}, "b:1"],
  ])("%j with %j is %s", (dockerfile, given, name) => {
    expect(base(dockerfile, { given })).toEqual(image(name))
  })

  it.each([
    "FROM $BASE",
    "ARG V=a-b\nFROM python:${V%-*}",
    "ARG V=${W%x}\nFROM python:$V",
    "ARG V=1\nFROM --platform=${P%x} debian",
    "RUN true",
    "FROM a\\b",
  ])("%j cannot be determined from the text", (dockerfile) => {
    expect(base(dockerfile)).toEqual({ kind: "unknown" })
  })

  it("is for the platform in FROM, or else for the target platform", () => {
    const arm = { platform: "linux/arm64" }
    expect(base("FROM debian", arm)).toEqual(image("debian", "linux/arm64"))
    expect(base("FROM --platform=$TARGETPLATFORM debian", arm)).toEqual(image("debian", "linux/arm64"))
    expect(base("FROM --platform=linux/amd64 debian AS one\nFROM one", arm)).toEqual(image("debian", "linux/amd64"))
    expect(base("FROM debian-$TARGETARCH$TARGETVARIANT", { platform: "linux/arm/v7" })).toEqual(
      image("debian-armv7", "linux/arm/v7"),
    )
  })
})

describe("the RUN lines of an image", () => {
  it("are those of the stages that make it up, one line each, without options and comments", () => {
    const dockerfile = [
      "FROM debian AS tools",
      "RUN TOKEN=elsewhere make",
      "FROM debian AS base",
      "RUN --mount=type=secret,id=x --network=none apt-get update \\",
      "  # why",
      "    && true",
      'RUN ["make", "--token", "a b"]',
      "RUN [ -e /x ]",
      "FROM base",
      "COPY --from=tools /a /a",
      "RUN <<EOF",
      "export TOKEN=here",
      "make",
      "EOF",
      "run make install",
      "ONBUILD RUN x",
    ].join("\n")
    expect(lineage(dockerfile).runs).toEqual([
      "RUN apt-get update && true",
      "RUN make --token a b",
      "RUN [ -e /x ]",
      "RUN <<EOF export TOKEN=here make",
      "RUN make install",
    ])
  })

  it("are all RUN lines if the stages cannot be determined from the text", () => {
    expect(lineage("FROM debian AS one\nRUN a\nFROM ${X%y}\nRUN b\n").runs).toEqual(["RUN a", "RUN b"])
  })
})

describe("the lines of stages that an image copies from", () => {
  it("are distinguished by the stage, directly, by number, by a mount and through other stages", () => {
    const dockerfile = [
      "FROM debian AS tools",
      "RUN a",
      "FROM debian AS sdk",
      "ARG SDK_TOKEN=x1y2",
      "FROM sdk",
      "COPY --from=tools /a /a",
      "RUN b",
      "FROM debian AS unused",
      "RUN c",
      "FROM alpine AS mounted",
      "RUN d",
      "FROM scratch",
      "COPY --chown=1:1 --from=2 /b /b",
      "COPY --from=python:3.11 /c /c",
      "RUN --mount=type=bind,from=mounted,target=/d e",
    ].join("\n")
    expect(lineage(dockerfile)).toMatchObject({
      runs: ["RUN e"],
      copied: ["stage tools: RUN a", "stage sdk: ARG SDK_TOKEN=x1y2", "stage 2: RUN b", "stage mounted: RUN d"],
    })
    expect(
      lineage("FROM debian\nRUN a\nFROM ${X%y} AS tools\nRUN b\nFROM scratch\nCOPY --from=tools /a /a").copied,
    ).toEqual(["stage tools: RUN b"])
  })
})

describe("other lines of an image", () => {
  it("are those that its stages leave in configuration and history, one for each variable", () => {
    const dockerfile = [
      "FROM debian AS tools",
      "ENV TOOL_TOKEN=elsewhere",
      "FROM debian AS base",
      'ENV A=1 B="two words"',
      "ENV OLD style of it",
      "ARG BUILD_TOKEN=x1y2",
      "ARG NAMED",
      'LABEL owner="till team"',
      "FROM base",
      "COPY --from=tools /a /a",
      "ADD https://bot:s3cret@example.com/x /x",
      "HEALTHCHECK --interval=5s \\",
      "  CMD curl -f localhost",
      'CMD ["serve"]',
      "ONBUILD RUN make",
    ].join("\n")
    expect(lineage(dockerfile).texts).toEqual([
      "ENV A=1",
      "ENV B=two words",
      "ENV OLD=style of it",
      "ARG BUILD_TOKEN=x1y2",
      'LABEL owner="till team"',
      "ADD https://bot:s3cret@example.com/x /x",
      "HEALTHCHECK --interval=5s CMD curl -f localhost",
      'CMD ["serve"]',
      "ONBUILD RUN make",
    ])
  })
})
