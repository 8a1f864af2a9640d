import { setTimeout as pause } from "node:timers/promises"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { maskedSecrets } from "../../image/secret-text.js"
import { withoutCardNumbers } from "../../secrets/card-numbers.js"
import { readDotenv } from "../../secrets/parse.js"
import { redactLines, redactor } from "../../secrets/redact.js"
import { terminalText } from "../../shared/plain-text.js"
import type { Access, Place } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import type { Instance, LogLine, OutputRequest, Replica } from "../../targets/target.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { linesAfter, releasesOf, sinceOf } from "./request.js"

export interface LogsRequest {
  readonly environment: string
  /** Id or version of a release; empty: the live one. */
  readonly release: string
  /** A duration before now, or a time with its zone; empty: no limit. */
  readonly since: string
  /** The latest lines of each container. */
  readonly lines: number
  /** Goes on with new lines until the signal. */
  readonly follow: boolean
  readonly access: Access
  /** Configuration in dotenv form, whose values are redacted besides those that the target has. */
  readonly secrets: (() => Promise<string>) | null
  readonly signal?: AbortSignal
  readonly sandbox?: string
}

const LOOK_EVERY_MS = 1000
const CLOCKS_DIFFER_MS = 60_000

/** Prints the logs of a release from all its hosts, the oldest line first, without the values of its secrets. */
export async function readLogs(
  settings: Settings,
  request: LogsRequest,
  entryPoint: ReleaseEntryPoint,
  print: (line: string) => void,
): Promise<void> {
  sinceOf(request.since)
  const place = await openPlace(settings, request.environment, entryPoint, request.access, request.sandbox)
  try {
    await printLogs(settings, request, place, print)
  } finally {
    await place.target.close()
  }
}

/** The same, on an open target. */
export async function printLogs(
  settings: Settings,
  request: LogsRequest,
  place: Place,
  print: (line: string) => void,
): Promise<void> {
  const { environment, follow, lines: most, signal } = request
  const releases = releasesOf(await place.target.running(), request.release, environment)
  const redact = redactor(await hiddenValues(settings, request, place, releases))
  const last = new Map<string, string>()
  let asked: OutputRequest = { lines: most, since: sinceOf(request.since) }
  for (;;) {
    const read = await Promise.all(releases.map((release) => place.target.output(release, asked)))
    const fresh = read.flat().flatMap(({ replica, lines }) => {
      const key = `${replica.place} ${replica.name}`
      const news = linesAfter(lines, last.get(key) ?? null)
      last.set(key, news.at(-1)?.at ?? last.get(key) ?? "")
      // together: a program may wrap a long value
      const texts = redactLines(
        news.map(({ text }) => text),
        redact,
      )
      return news.map(({ at }, index) => ({ replica, line: { at, text: texts[index] ?? "" } }))
    })
    for (const { replica, line } of fresh.sort((one, other) => (one.line.at < other.line.at ? -1 : 1)))
      print(shown(replica, line))
    if (!follow || signal?.aborted === true) return
    await pause(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
    asked = { lines: "all", since: earliestEnd(last) ?? asked.since }
  }
}

/** The end of what was read of the container that is the furthest behind; null: none has printed anything. */
function earliestEnd(last: ReadonlyMap<string, string>): string | null {
  const [first = ""] = [...last.values()].filter((end) => end !== "").sort()
  const silent = [...last.values()].includes("")
  // a container that was silent may begin on a host whose clock is behind
  if (first === "" || !silent) return first === "" ? null : first
  return new Date(Date.parse(first) - CLOCKS_DIFFER_MS).toISOString()
}

/** 2026-11-29T10:00:00Z app1 web  text */
function shown({ place, process }: Replica, { at, text }: LogLine): string {
  // a traceback keeps its indentation
  const plain = terminalText(withoutCardNumbers(maskedSecrets(text) ?? text))
  return `${at.slice(0, 19)}Z ${place} ${process}  ${plain.replaceAll("\n", " ").trimEnd()}`
}

/** The variables that the releases run with, as their hosts have them, except the public defaults of tollgate.yaml. */
async function hiddenValues(
  settings: Settings,
  { environment, secrets }: LogsRequest,
  { target, variables }: Place,
  releases: readonly Instance[],
): Promise<string[]> {
  const given = secrets === null ? [] : [...readDotenv(await secrets()).values.values()]
  const there = await Promise.all(releases.map((release) => target.variables(release)))
  const open = new Set(environmentSettings(settings, environment).variables.map(({ default: value }) => value))
  const own = [...there.flatMap((values) => [...values.values()]), ...variables.values()]
  return [...given, ...own.filter((value) => !open.has(value))]
}
