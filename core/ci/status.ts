import { z } from "zod"
import { ciGates } from "../config/gates.js"
import { TollgateError } from "../shared/errors.js"
import { count } from "../shared/figures.js"
import { version } from "../shared/version.js"
import type { States } from "./graph.js"

/**
 * status.json: the verdict of a run of `ci` as data, and what a later run compares itself with. Within a format, fields may be added;
 * none is removed or changes its meaning. Two runs of one commit differ in `startedAt`, `seconds` and `cached` alone, and in what was
 * measured anew.
 */

const verdict = z.enum(["passed", "failed", "skipped", "inconclusive"])

const figure = z.object({
  name: z.string().describe(`Currently one of: ${ciGates.flatMap(({ ci }) => Object.keys(ci.figures)).join(", ")}.`),
  value: z.number().describe("coverage: percent; image-size: bytes; p95: milliseconds; the others: a count."),
  before: z.number().nullable().describe("The same figure of the baseline; null without one."),
})

/** Failed tests of a suite that are named. */
const MOST_FAILED = 50

const suite = z.object({
  name: z.string(),
  verdict: z.enum(["passed", "failed"]),
  tests: z.number().int(),
  failed: z.number().int().describe("Tests that failed. A suite may fail although none did."),
  failedTests: z.array(z.string()).describe(`Ids of failed tests, the first ${MOST_FAILED}.`),
  seconds: z.number().nullable().describe("null if it left no evidence. Of an earlier run if it is cached."),
  cached: z.boolean().describe("Its evidence is of an earlier run on the same source."),
})

const gate = z.object({
  name: z.string().describe(`Currently one of: ${ciGates.map(({ name }) => name).join(", ")}.`),
  verdict: verdict.describe("skipped: it did not run; `words` says why. It is never a pass."),
  words: z.string().describe("The verdict in words."),
  reasons: z.array(z.string()).describe("Why it did not pass, each with what to do where that is known."),
  figures: z.array(figure),
  suites: z.array(suite).default([]).describe("Of the gate `test`. Missing in files of earlier versions."),
  report: z.string().nullable().describe("Folder of its own report, relative to this file; null if it made none."),
  cached: z.boolean().describe("All of its evidence is of an earlier run on the same source."),
  from: z.number().nullable().describe("Seconds after startedAt; null if it did not run."),
  seconds: z.number().nullable(),
})

const statusDocument = z.object({
  format: z.literal(1),
  tollgate: z.string().describe("Version of Tollgate."),
  app: z.string().describe("The app's folder inside the source."),
  source: z.string().describe("Digest of the source."),
  revision: z.string().nullable().describe("Commit of the source, where it is known."),
  verdict: z.enum(["passed", "failed", "inconclusive"]),
  verdictInWords: z.string(),
  changed: z.number().int().nullable().describe("Files that differ from the base; null if the base is unknown."),
  startedAt: z.string().describe("ISO 8601."),
  seconds: z.number(),
  gates: z.array(gate),
})

export type Status = z.infer<typeof statusDocument>
export type GateStatus = Status["gates"][number]
export type FigureStatus = GateStatus["figures"][number]

export interface Run {
  app: string
  source: string
  revision: string
  changed: number | null
  startedAt: string
  seconds: number
  /** The clock's reading at `startedAt`, in milliseconds: that of the graph. */
  began: number
}

/** @param baseline an earlier run's status */
export function statusOf(run: Run, states: States<unknown>, baseline: Status | null): Status {
  const gates = ciGates.flatMap(({ name }): GateStatus[] => {
    const state = states.get(name)
    if (state === undefined) return []
    if (state.kind !== "ended")
      return [
        {
          name,
          verdict: "skipped",
          words: state.kind === "skipped" ? state.why : "did not end",
          reasons: [],
          figures: [],
          suites: [],
          report: null,
          cached: false,
          from: null,
          seconds: null,
        },
      ]
    const { verdict, words, reasons, figures, suites, cached, product } = state.outcome
    return [
      {
        name,
        verdict,
        words,
        reasons: [...reasons],
        figures: figures.map(({ name, value }) => ({ name, value, before: figureOf(baseline, name) })),
        suites: (suites ?? []).map((one) => ({
          ...one,
          failedTests: one.failedTests.slice(0, MOST_FAILED),
          seconds: one.seconds === null ? null : round(one.seconds),
        })),
        report: product === null ? null : name,
        cached,
        from: round((state.from - run.began) / 1000),
        seconds: round(state.seconds),
      },
    ]
  })
  const verdict = overall(gates)
  return {
    format: 1,
    tollgate: version,
    app: run.app,
    source: run.source,
    revision: run.revision === "" ? null : run.revision,
    verdict,
    verdictInWords: wordsOf(verdict, gates),
    changed: run.changed,
    startedAt: run.startedAt,
    seconds: round(run.seconds),
    gates,
  }
}

function overall(gates: readonly GateStatus[]): Status["verdict"] {
  if (gates.some(({ verdict }) => verdict === "failed")) return "failed"
  // without one gate that ran, nothing is known
  if (gates.some(({ verdict }) => verdict === "inconclusive") || gates.every(({ verdict }) => verdict === "skipped"))
    return "inconclusive"
  return "passed"
}

function wordsOf(verdict: Status["verdict"], gates: readonly GateStatus[]): string {
  const named = (kind: GateStatus["verdict"]) => gates.filter((gate) => gate.verdict === kind).map(({ name }) => name)
  const [failed, inconclusive, skipped] = [named("failed"), named("inconclusive"), named("skipped")]
  const parts = [
    ...(verdict === "passed" ? [count(named("passed").length, "gate")] : []),
    ...(failed.length === 0 ? [] : [`${failed.length} of ${count(gates.length, "gate")}: ${failed.join(", ")}`]),
    ...(inconclusive.length === 0 ? [] : [`inconclusive: ${inconclusive.join(", ")}`]),
    ...(skipped.length === 0 ? [] : [`not run: ${skipped.join(", ")}`]),
  ]
  return `${verdict.toUpperCase()}: ${parts.join("; ")}`
}

function figureOf(status: Status | null, name: string): number | null {
  const found = status?.gates.flatMap(({ figures }) => figures).find((one) => one.name === name)
  return found?.value ?? null
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

export function statusFile(status: Status): string {
  return `${JSON.stringify(status, null, 2)}\n`
}

/** @param place where the text is from, for errors */
export function readStatus(text: string, place: string): Status {
  try {
    return statusDocument.parse(JSON.parse(text))
  } catch {
    throw new TollgateError(
      "status-unreadable",
      `${place} is not a status.json of \`tollgate ci\` that this version can read.`,
      "Pass the folder of a report made by `tollgate ci` or `ci-report`, or leave out the option.",
    )
  }
}

/** The published schema allows unknown fields, so that readers accept a later version. */
export function statusSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(statusDocument, { target: "draft-7", io: "input" })
  const described = {
    $schema,
    title: "Tollgate ci",
    description: "status.json of `ci-report`: every gate with its verdict, figures and reasons.",
    ...rest,
  }
  return `${JSON.stringify(described, null, 2)}\n`
}
