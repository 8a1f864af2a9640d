import { ciGates } from "../../config/gates.js"
import type { CiRun } from "./ci-run.js"
import type { CiSuite } from "./suites.js"

/** Where in a run's report something is shown. */
export interface ReportPlace {
  readonly file: string
  /** Id of an element; empty: the top of the page. */
  readonly anchor: string
}

const pageOf = (gate: string) => `${gate}/report.html`

export const WHOLE: ReportPlace = { file: "index.html", anchor: "" }

/** Files that pages link to. */
export const LINKED: readonly string[] = [WHOLE.file, ...ciGates.map(({ name }) => pageOf(name))]

export function placeOfGate({ name, verdict }: Pick<CiRun["gates"][number], "name" | "verdict">): ReportPlace {
  return { file: pageOf(name), anchor: verdict === "passed" ? "" : "why" }
}

export function placeOfSuite({ name, verdict }: CiSuite): ReportPlace {
  return { file: pageOf("test"), anchor: `${verdict === "failed" ? "why" : "suite"}-${name}` }
}

const ANCHORS: ReadonlyMap<string, string> = new Map([
  ["coverage", "coverage"],
  ["tests", "tests"],
  ["blocking-findings", "blocking"],
  ["p95", "scenarios"],
])

export function placeOfFigure(gate: string, figure: string): ReportPlace {
  return { file: pageOf(gate), anchor: ANCHORS.get(figure) ?? "" }
}

/** Address of a place of a run's report; null: the ledger does not have it. */
export type ReportLink = (run: CiRun, place: ReportPlace) => string | null

/** @param kept paths of the files that each report in the ledger has */
export function reportLink(kept: ReadonlyMap<string, ReadonlySet<string>>): ReportLink {
  return (run, { file, anchor }) => {
    if (run.report === null || kept.get(run.report.id)?.has(file) !== true) return null
    return `${reportAddress(run.number, file)}${anchor === "" ? "" : `#${encodeURIComponent(anchor)}`}`
  }
}

export function reportAddress(number: number, file: string): string {
  return `/reports/${number}/${file.split("/").map(encodeURIComponent).join("/")}`
}
