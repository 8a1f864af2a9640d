import { describe, expect, it, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { printLogs } from "../../core/release/logs/read.js"
import { linesAfter, releasesOf, sinceOf } from "../../core/release/logs/request.js"
import { environmentFile, parseEnvironmentFile } from "../../core/targets/compose/environment-file.js"
import { parseLog } from "../../core/targets/compose/log-lines.js"
import type { Instance, LogLine, OutputRequest, Replica, Running } from "../../core/targets/target.js"
import { fakeTarget, instance, running, serving, shared } from "./release-samples.js"

describe("--since", () => {
  test.each([
    ["", null],
    ["90s", "90s"],
    ["2h30m", "2h30m"],
    ["2026-11-23T09:30:00+08:00", "2026-11-23T01:30:00.000Z"],
  ])("%j is read as %j", (written, expected) => expect(sinceOf(written)).toBe(expected))

  test.each(["yesterday", "10", "10d", "m", "2026-11-23T09:30", "2026-13-23T09:30:00Z", "10m; rm -rf /"])(
    "%j is refused",
    (written) => expect(() => sinceOf(written)).toThrow(expect.objectContaining({ code: "since-form" })),
  )
})

describe("the release whose log is read", () => {
  const ids = (state: Running, wanted: string) => releasesOf(state, wanted, "production").map(({ release }) => release)
  const state = running(serving("r2"), { retained: [instance("r1")], candidates: [instance("r3")] })

  it("is the live one, or every one that shares the traffic", () => {
    expect(ids(state, "")).toEqual(["r2"])
    expect(ids(running(shared("r1", "r2")), "")).toEqual(["r1", "r2"])
  })

  it("is any on the target by its id or version, also one that never had the traffic", () => {
    expect(ids(state, "r1")).toEqual(["r1"])
    expect(ids(state, "version of r3")).toEqual(["r3"])
  })

  it("that is not there is refused, with those that are", () => {
    expect(() => ids(state, "r9")).toThrow(/Release r9 is not on the target of production\..*r2 \(version of r2\), r1/s)
    expect(() => ids(running({ kind: "none" }), "")).toThrow(/Deploy first/)
  })
})

describe("a log", () => {
  it("has the time of each line; a line without one belongs to the line before", () => {
    expect(parseLog("2026-11-29T10:00:00.5Z one\ntwo\n2026-11-29T10:00:00.51Z  three\n")).toEqual([
      { at: "2026-11-29T10:00:00.500000000Z", text: "one" },
      { at: "2026-11-29T10:00:00.500000000Z", text: "two" },
      { at: "2026-11-29T10:00:00.510000000Z", text: " three" },
    ])
  })

  it("goes on after the latest line that was read", () => {
    const lines = parseLog("2026-11-29T10:00:00.1Z a\n2026-11-29T10:00:00.2Z b\n2026-11-29T10:00:00.3Z c")
    expect(linesAfter(lines, "2026-11-29T10:00:00.200000000Z").map(({ text }) => text)).toEqual(["c"])
  })

  it("is redacted by the release's variables as its host has them", () => {
    const values = new Map([
      ["A", "it's $HOME `id`"],
      ["B", "a\nb\n"],
      ["C", ""],
      ["D", "plain"],
    ])
    expect(parseEnvironmentFile(environmentFile(values))).toEqual(values)
  })
})

describe("logs", () => {
  const settings = parseSettings(
    "qa: { suites: { api: { files: [tests/test_api.py] } } }\nenvironments: { production: { config: { extends: none, required: [KEY], defaults: { MODE: production-mode } } } }\n",
  )
  const replica = (place: string): Replica => ({
    place,
    process: "web",
    name: "shop-web-r2",
    state: { kind: "running", check: "healthy", restarts: 0 },
  })
  const at = (second: number) => `2026-11-29T10:00:0${second}.000000000Z`

  async function printed(follow: boolean, ...looks: [app1: LogLine[], app2: LogLine[]][]) {
    const lines: string[] = []
    const asked: OutputRequest[] = []
    const stop = new AbortController()
    const target = fakeTarget({
      running: () => Promise.resolve(running(serving("r2"))),
      variables: (_: Instance) =>
        Promise.resolve(
          new Map([
            ["KEY", "hunter-22"],
            ["MODE", "production-mode"],
          ]),
        ),
      output: (_: Instance, request: OutputRequest) => {
        const [app1, app2] = looks[asked.length] ?? [[], []]
        asked.push(request)
        if (asked.length === looks.length) stop.abort()
        return Promise.resolve([
          { replica: replica("app1"), lines: app1 },
          { replica: replica("app2"), lines: app2 },
        ])
      },
    })
    await printLogs(
      settings,
      {
        environment: "production",
        release: "",
        since: "10m",
        lines: 20,
        follow,
        access: { ssh: null, registry: null },
        secrets: () => Promise.resolve("OLD_KEY=swordfish-1\n"),
        signal: stop.signal,
      },
      { target, login: null, variables: new Map(), publish: null, postgres: null },
      (line) => lines.push(line),
    )
    return { lines, asked }
  }

  it("of all hosts are printed in the order of time, without a value of a secret, and with public ones", async () => {
    const { lines } = await printed(false, [
      [
        { at: at(1), text: "key hunter-22, once swordfish-1" },
        { at: at(3), text: "\u001b[31mproduction-mode ##[error]" },
      ],
      [{ at: at(2), text: "postgres://app:pass-word9@db/shop" }],
    ])
    expect(lines).toEqual([
      "2026-11-29T10:00:01Z app1 web  key ***, once ***",
      expect.stringMatching(/^2026-11-29T10:00:02Z app2 web {2}\*\*\*/),
      "2026-11-29T10:00:03Z app1 web  production-mode ## [error]",
    ])
    expect(lines.join()).not.toContain("pass-word9")
  })

  it("have no number of a payment card", async () => {
    const { lines } = await printed(false, [
      [{ at: at(1), text: "paid with 4111 1111 1111 1111, order 4111111111111112" }],
      [],
    ])
    expect(lines).toEqual(["2026-11-29T10:00:01Z app1 web  paid with ***, order 4111111111111112"])
  })

  it("that are followed have each line once, and none is lost on a host that is behind", async () => {
    const { lines, asked } = await printed(
      true,
      [[{ at: at(5), text: "five" }], [{ at: at(1), text: "one" }]],
      [
        [{ at: at(5), text: "five" }],
        [
          { at: at(1), text: "one" },
          { at: at(2), text: "two" },
        ],
      ],
    )
    expect(lines.map((line) => line.split(" ").at(-1))).toEqual(["one", "five", "two"])
    expect(asked).toEqual([
      { lines: 20, since: "10m" },
      { lines: "all", since: at(1) },
    ])
  })

  it("that are followed do not read a whole log again because another container is silent", async () => {
    const { lines, asked } = await printed(
      true,
      [[{ at: at(5), text: "five" }], []],
      [[{ at: at(5), text: "five" }], [{ at: at(6), text: "six" }]],
    )
    expect(lines.map((line) => line.split(" ").at(-1))).toEqual(["five", "six"])
    expect(asked[1]).toEqual({ lines: "all", since: "2026-11-29T09:59:05.000Z" })
  })
})
