import { execFileSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { describe, expect, it, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { type LogEntry, noteOf } from "../../core/ledger/logs/line.js"
import { LONGEST_TEXT } from "../../core/ledger/logs/schema.js"
import { type LineStore, LineWriter } from "../../core/ledger/logs/writer.js"
import { LineBudget, MOST_LAST, MOST_LINES } from "../../core/release/logs/budget.js"
import { ContainerLog } from "../../core/release/logs/container-log.js"
import { LONGEST_MASKED, maskedLines } from "../../core/release/logs/line-text.js"
import { newestWithin } from "../../core/release/logs/request.js"
import { RunLogs } from "../../core/release/logs/run-logs.js"
import { redactor } from "../../core/secrets/redact.js"
import { MOST_NEWS, readNews } from "../../core/targets/compose/commands-look.js"
import { parseNews } from "../../core/targets/compose/log-lines.js"
import type { Instance, Replica, ReplicaNews, StreamLine, Target } from "../../core/targets/target.js"
import { fakeTarget, instance } from "./release-samples.js"

const SECRET = "hunter-22-of-the-shop"
const redact = redactor([SECRET])
const at = (second: number) => `2026-11-29T10:00:0${second}.000000000Z`
const printed = (second: number, text: string, stream: "out" | "err" = "out"): StreamLine => ({
  at: at(second),
  text,
  stream,
})

describe("a line of a log", () => {
  const one = (text: string) => maskedLines([text], redact)[0]

  test.each([
    ["a secret of the environment", `key=${SECRET}!`, "key=***!"],
    ["one in base64", `Basic ${Buffer.from(SECRET).toString("base64")}`, expect.not.stringMatching(/aHVudGVy/)],
    ["one with a colour in its middle", `hunter-\u001b[31m22-of-the-shop`, "***"],
    ["one with a control character in its middle", `hunter-\u000022-of-the-shop`, "***"],
    ["a card number", "charged 4111 1111 1111 1111", "charged ***"],
    ["a token that is known by its form", `ghp_${"a1".repeat(20)}`, "***"],
    ["the password of a URL", "postgres://app:pass-word9@db/shop", expect.not.stringContaining("pass-word9")],
  ])("has no %s", (_, text, expected) => expect(one(text)).toEqual(expected))

  it("has no control characters, no escape codes and no half characters", () => {
    expect(one("\u001b[1;31mred\u001b[0m\u0007 \u202eevil\ud800 tab\there\r")).toBe("red evil\ufffd tab\there")
    expect(one("50 %\r100 %")).toBe("50 % 100 %")
  })

  it("is cut after it was masked: at no length a part of a secret or of a card is left", () => {
    for (const secret of [SECRET, "4111111111111111"])
      for (let before = LONGEST_TEXT - 40; before <= LONGEST_TEXT + 5; before += 1) {
        const text = `${"x".repeat(before)} ${secret} ${"y".repeat(200)}`
        expect(one(text)?.length).toBeLessThanOrEqual(LONGEST_TEXT)
        expect(one(text)).not.toMatch(/hunter|4111/)
        expect(one(text)).toMatch(/\(cut\)$/)
      }
  })

  it("leaves no part of a secret where so many were masked that the end of the work is on the page", () => {
    const many = SECRET.repeat(Math.ceil(LONGEST_MASKED / SECRET.length) + 5)
    expect(one(many)).not.toMatch(/hunt|shop/)
  })

  it("is masked together with the ones before: a program may wrap a value", () => {
    expect(maskedLines(["key: hunter-22-", "of-the-shop."], redact)).toEqual(["key: ***", "***."])
  })
})

describe("the log of a container", () => {
  const of = { side: "new", version: "1.7", place: "app1", process: "web" } as const
  const texts = (entries: readonly LogEntry[]) => entries.map(({ stream, text }) => `${stream} ${text}`)

  it("has each line once, with its stream, and holds the latest one until it is known to be whole", () => {
    const log = new ContainerLog(of, redact)
    const first = log.add({ lines: [printed(1, "a"), printed(2, "b", "err"), printed(3, "c")] })
    expect(texts(first)).toEqual(["out a"])
    expect(first[0]).toEqual({ ...of, stream: "out", at: at(1), text: "a", lines: 1 })
    expect(texts(log.add({ lines: [printed(3, "c"), printed(4, "d")] }))).toEqual(["err b", "out c"])
    expect(texts(log.add({ lines: [printed(4, "d")] }))).toEqual(["out d"])
    expect(texts(log.end())).toEqual([])
    log.add({ lines: [printed(5, "last words")] })
    expect(texts(log.end())).toEqual(["out last words"])
  })

  it("has no secret that a program wrapped, wherever the reads come between its lines", () => {
    const lines = ["key:", "hunter-22-", "of-the-", "shop", "next"].map((text, index) => printed(index, text))
    for (let cut = 0; cut < lines.length; cut += 1) {
      const log = new ContainerLog(of, redactor([SECRET]))
      const all = [log.add({ lines: lines.slice(0, cut) }), log.add({ lines: lines.slice(cut) }), log.end()].flat()
      // a first line alone is a word of its own; the rest of the value never stands by itself
      expect(texts(all).join("\n"), `cut at ${cut}`).not.toMatch(/of-the-|shop/)
    }
  })

  it("takes a time of the host that is no time", () => {
    const log = new ContainerLog(of, redact)
    log.add({ lines: [{ ...printed(1, "x"), at: "2026-99-99T10:00:00.000000000Z" }] })
    expect(Date.parse(log.end()[0]?.at ?? "")).toBeGreaterThan(0)
  })
})

const entry = (text = "x"): LogEntry => ({
  ...{ side: "new", version: "1", place: "app1", process: "web", stream: "out", at: at(1) },
  text,
  lines: 1,
})

describe("what is kept of one run", () => {
  it("is its first lines and its last ones, and how many were between", () => {
    const budget = new LineBudget()
    let now = 0
    for (let line = 0; line < MOST_LINES + 500; line += 1) now += budget.take([entry(String(line))]).length
    expect(now).toBe(MOST_LINES)
    const { left, last } = budget.end()
    expect(left).toBe(500 - MOST_LAST)
    expect(last.at(-1)?.text).toBe(String(MOST_LINES + 499))
    expect(last).toHaveLength(MOST_LAST)
  })

  it("is bounded in characters as well, and so is what is masked at once", () => {
    const budget = new LineBudget()
    const wide = "x".repeat(LONGEST_TEXT)
    const kept = Array.from({ length: 5000 }, () => budget.take([entry(wide)])).flat()
    expect(kept.length * LONGEST_TEXT).toBeLessThanOrEqual(4_000_000 + LONGEST_TEXT)
    expect(kept.length + budget.end().left + MOST_LAST).toBe(5000)
    const many = Array.from({ length: 100 }, (_, index) => printed(1, `${index}${"x".repeat(5000)}`))
    const { kept: newest, left } = newestWithin(many)
    expect(newest.length + left).toBe(100)
    expect(newest.at(-1)?.text).toMatch(/^99/)
    expect(newest.length).toBeLessThan(21)
  })
})

/** A store whose batches end when they are told to. */
function heldStore() {
  const batches: { readonly lines: readonly LogEntry[]; readonly end: (error?: unknown) => void }[] = []
  const store: LineStore = {
    write: (_, lines) =>
      new Promise((done, fail) =>
        batches.push({ lines, end: (error) => (error === undefined ? done() : fail(error)) }),
      ),
    close: () => Promise.resolve(),
  }
  return { batches, store, writer: new LineWriter(store, OF) }
}

const OF = { service: "shop", environment: "production", release: "r2", run: "run-1" }
const turn = () => new Promise((done) => setImmediate(done))

describe("the writer of lines", () => {
  it("drops what the ledger does not take, and says so in the ledger and at the end", async () => {
    const { batches, writer } = heldStore()
    writer.add([entry("a"), entry("b")])
    batches[0]?.end(Object.assign(new Error("permission denied for postgresql://a:pass-word@db"), { code: "42501" }))
    await turn()
    writer.add([entry("c")])
    expect(batches[1]?.lines).toMatchObject([{ stream: "note", text: "ledger", lines: 2 }, { text: "c" }])
    batches[1]?.end()
    await turn()
    writer.add([entry("d")])
    expect(batches[2]?.lines).toMatchObject([{ text: "d" }])
    batches[2]?.end()
    expect(await writer.end()).toBe(
      "2 log lines of this run were not written to the ledger: its user may not insert into tollgate_ledger.log_lines (docs/ledger.md, Log lines, says how to grant it). The dashboard lacks them; `tollgate logs` reads them from the target.",
    )
  })

  it("holds a bounded number of lines for a ledger that says nothing, and waits for it a moment at most", async () => {
    const { writer } = heldStore()
    for (let batch = 0; batch < 50; batch += 1) writer.add(Array.from({ length: 100 }, () => entry()))
    const began = performance.now()
    expect(await writer.end()).toMatch(/^5000 log lines .*: it did not answer in time\./)
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

const settings = parseSettings(
  "qa: { suites: { api: { files: [tests/test_api.py] } } }\nledger: { service: shop }\nenvironments: { production: { config: { extends: none, required: [KEY], defaults: { MODE: production-mode } } } }\n",
)

/** A run of which a test says what the containers of each release print, one look after the other. */
function run(does: Partial<Target>, given = settings) {
  const written: LogEntry[] = []
  const store: LineStore = {
    write: (owner, lines) => {
      expect(owner).toEqual(OF)
      written.push(...lines)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const target = fakeTarget({
    variables: () =>
      Promise.resolve(
        new Map([
          ["TOLLGATE_RELEASE", "r2"],
          ["KEY", SECRET],
          ["MODE", "production-mode"],
        ]),
      ),
    ...does,
  })
  const logs = new RunLogs({
    settings: given,
    environment: "production",
    run: "run-1",
    target,
    store,
    redact: (text) => text.replaceAll("of-the-session", "***"),
    own: ["own-of-the-target"],
  })
  return { logs, written, shown: () => written.map(({ side, process, text }) => `${side} ${process} ${text}`) }
}

const newsOf = (of: Instance, ...lines: StreamLine[]): ReplicaNews[] =>
  of.replicas.map((replica) => ({ replica, lines, left: 0, problem: null }))

describe("the logs of a run", () => {
  it("are of both releases, without a secret of the run, of the target or of what the release runs with", async () => {
    const { logs, shown } = run({
      variables: ({ release }) =>
        Promise.resolve(
          new Map([
            ["TOLLGATE_RELEASE", release],
            ["KEY", `${SECRET}-${release}`],
            ["MODE", "production-mode"],
          ]),
        ),
      news: (of) =>
        Promise.resolve(
          newsOf(
            of,
            printed(1, `${of.release} ${SECRET}-${of.release} of-the-session own-of-the-target production-mode`),
          ),
        ),
    })
    logs.follow("r2", "new", instance("r2"), "start")
    logs.follow("r2", "old", instance("r1"), "now")
    // the same release again, as a rollback does
    logs.follow("r2", "new", instance("r2"), "now")
    expect(await logs.end()).toBeNull()
    expect(shown().sort()).toEqual(["new web r2 *** *** *** production-mode", "old web r1 *** *** *** production-mode"])
  })

  it("are read from the start of a new release, and a few seconds back of one that ran before", async () => {
    const asked: (string | null)[] = []
    const { logs } = run({
      news: (of, since) => {
        asked.push(...of.replicas.map((replica: Replica) => since(replica)))
        return Promise.resolve(newsOf(of, printed(asked.length, "x")))
      },
    })
    logs.follow("r2", "new", instance("r2"), "start")
    await logs.beforeRemoval()
    await logs.end()
    expect(asked.slice(0, 2)).toEqual([null, at(1)])
    const old = run({
      news: (of, since) => {
        asked.push(...of.replicas.map((replica: Replica) => since(replica)))
        return Promise.resolve(newsOf(of))
      },
    })
    asked.length = 0
    old.logs.follow("r2", "old", instance("r1"), "now")
    await old.logs.end()
    expect(asked[0]).toMatch(/^[56]s$/)
  })

  it("are not written where the release's secrets are not known, and say why once", async () => {
    const refuses = new Error(`app1: permission denied, of-the-session\nmore`)
    for (const variables of [() => Promise.reject(refuses), () => Promise.resolve(new Map())]) {
      const { logs, written } = run({ variables, news: (of) => Promise.resolve(newsOf(of, printed(1, SECRET))) })
      logs.follow("r2", "new", instance("r2"), "start")
      await logs.beforeRemoval()
      await logs.end()
      expect(written).toMatchObject([
        { stream: "note", text: expect.stringMatching(/^secrets: (app1: permission denied, \*\*\*|they are gone)/) },
      ])
    }
  })

  it("say once that a log could not be read, and how many lines were too many at once", async () => {
    const { logs, written } = run({
      news: (of) => Promise.resolve(newsOf(of).map((one) => ({ ...one, problem: "no driver" }))),
    })
    logs.follow("r2", "new", instance("r2"), "start")
    await logs.beforeRemoval()
    await logs.end()
    expect(written).toMatchObject([{ stream: "note", text: "unread: no driver", place: "app1", process: "web" }])
    const busy = run({
      news: (of) => Promise.resolve(newsOf(of, printed(1, "x")).map((one) => ({ ...one, left: 40 }))),
    })
    busy.logs.follow("r2", "new", instance("r2"), "start")
    await busy.logs.end()
    expect(busy.written[0]).toMatchObject({ stream: "note", text: "rate", lines: 40 })
  })

  it("never fail or hold up a run: a target that does not answer is left after a moment", async () => {
    const { logs, written } = run({ news: () => new Promise(() => undefined) })
    logs.follow("r2", "new", instance("r2"), "start")
    const began = performance.now()
    await logs.beforeRemoval()
    expect(await logs.end()).toBeNull()
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(written).toEqual([])
    const broken = run({ news: () => Promise.reject(new TypeError("x of undefined")) })
    broken.logs.follow("r2", "new", instance("r2"), "start")
    expect(await broken.logs.end()).toBeNull()
    expect(broken.written).toMatchObject([{ text: "unread: x of undefined" }])
  })

  it("are turned off by ledger.logs, and the ledger says so", async () => {
    const { logs, written } = run({}, { ...settings, ledger: { ...settings.ledger, logs: false } })
    logs.follow("r2", "new", instance("r2"), "start")
    logs.follow("r2", "old", instance("r1"), "now")
    await logs.beforeRemoval()
    await logs.end()
    expect(written).toMatchObject([{ stream: "note", text: "off" }])
  })

  it("have notes in plain words alone", () => {
    expect(noteOf("unread", 0, undefined, "\u001b[31mno\nlog\u0000")).toMatchObject({ text: "unread: no log" })
    expect(noteOf("unread", 0, undefined, "x".repeat(5000)).text.length).toBeLessThan(LONGEST_TEXT)
  })
})

describe("what a host prints of a container's log", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-test-docker-"))
  /** The real script, with a docker of the test. */
  function read(docker: string): ReturnType<typeof parseNews> {
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${docker}\n`)
    chmodSync(join(folder, "docker"), 0o755)
    const [out, err] = [join(folder, "out"), join(folder, "err")]
    execFileSync("sh", ["-c", `( ${readNews("shop-web-r2", "5s").script} ) >${out} 2>${err}`], {
      env: { PATH: `${folder}${delimiter}${process.env["PATH"]}` },
    })
    const text = (path: string) => execFileSync("cat", [path], { encoding: "utf8" })
    return parseNews(text(out), text(err))
  }

  it("has both streams apart, in the order of time", () => {
    const script = `[ "$*" = "logs --timestamps --since 5s shop-web-r2" ] || exit 9
echo '2026-11-29T10:00:01Z one lines 7'; echo '2026-11-29T10:00:02Z two' >&2; echo '2026-11-29T10:00:03Z lines 3'`
    expect(read(script)).toEqual({
      kind: "read",
      left: 0,
      lines: [
        { at: "2026-11-29T10:00:01.000000000Z", text: "one lines 7", stream: "out" },
        { at: "2026-11-29T10:00:02.000000000Z", text: "two", stream: "err" },
        { at: "2026-11-29T10:00:03.000000000Z", text: "lines 3", stream: "out" },
      ],
    })
  })

  it("is the newest of many lines, with the number of those left out", () => {
    const read500 = read(`i=0; while [ $i -lt 500 ]; do i=$((i + 1)); echo "2026-11-29T10:00:01Z line $i"; done`)
    if (read500.kind !== "read") throw new Error(read500.why)
    expect(read500.left).toBe(500 - MOST_NEWS)
    expect(read500.lines.map(({ text }) => text).slice(-1)).toEqual(["line 500"])
    expect(read500.lines).toHaveLength(MOST_NEWS)
  })

  it("is nothing for a container that is gone, and Docker's own words are no line", () => {
    expect(read("echo 'Error response from daemon: No such container: x' >&2; exit 1")).toEqual({
      kind: "read",
      lines: [],
      left: 0,
    })
    expect(read("echo 'configured logging driver does not support reading' >&2; exit 1")).toEqual({
      kind: "none",
      why: "configured logging driver does not support reading",
    })
    rmSync(folder, { recursive: true, force: true })
  })
})
