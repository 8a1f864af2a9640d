import { code, details, table, text } from "../presentation/markdown-markup.js"
import { duration, shortDigest } from "../shared/figures.js"
import { changedInWords, shownFigures } from "./change.js"
import { fitRows, type Rows } from "./rows.js"
import type { GateStatus, Status } from "./status.js"

/** GitHub refuses a step's summary above 1 MiB, with an annotation and a green job. */
export const SUMMARY_LIMIT = 1 << 20
/** GitHub refuses a comment above 65,536 characters. */
export const COMMENT_LIMIT = 60_000

const MARKS: Record<GateStatus["verdict"], string> = { passed: "✅", failed: "❌", inconclusive: "⚠️", skipped: "➖" }

/** A gate's own summary.md, for the details of the summary. */
export type Details = ReadonlyMap<string, string>

/** summary.md: for the summary of a job. */
export function ciSummary(status: Status, summaries: Details): string {
  // a gate's summary is left out as a whole: half of a table is no table
  const folded = status.gates.flatMap(({ name }): Rows[] => {
    const summary = summaries.get(name)
    if (summary === undefined) return []
    return [
      {
        before: "",
        rows: [details(text(name), summary.trim())],
        after: "",
        more: `The details of ${text(name)} are in the report.`,
      },
    ]
  })
  return fitRows([...head(status), ...whyBlocks(status), ...folded], {
    limit: SUMMARY_LIMIT - 1024,
    size: (joined) => Buffer.byteLength(joined),
  })
}

/** By this a later run finds its own comment, and edits it. */
export function commentMark(key: string): string {
  return `<!-- tollgate ci: ${key.replace(/[^\w./ -]/g, "")} -->`
}

/**
 * pr-comment.md: verdict first, then what changed, then why it did not pass.
 *
 * @param key tells apart the comments of several services of one repository
 * @param report URL of the whole report; empty where it is not known
 */
export function ciComment(status: Status, { key, report = "" }: { key: string; report?: string }): string {
  const link =
    report === "" ? "" : `[The whole report](${report.replace(/[()\s<>]/g, (one) => encodeURIComponent(one))})`
  return fitRows(
    [{ before: commentMark(key), rows: [], after: "" }, ...head(status), ...whyBlocks(status), plain(link)],
    { limit: COMMENT_LIMIT, size: (joined) => joined.length },
  )
}

function head(status: Status): Rows[] {
  const skipped = status.gates.filter(({ verdict }) => verdict === "skipped")
  return [
    plain(`## ${MARKS[status.verdict]} ${text(status.verdictInWords)}`),
    plain(
      [
        `Tollgate ${text(status.tollgate)}`,
        code(status.app),
        `source ${code(shortDigest(status.source))}`,
        ...(status.revision === null ? [] : [`commit ${code(status.revision.slice(0, 12))}`]),
        text(changedInWords(status)),
        duration(status.seconds),
      ].join(" · "),
    ),
    plain(gateTable(status)),
    plain(figureTable(status)),
    {
      before: skipped.length === 0 ? "" : "<details><summary>Not run, and why</summary>\n",
      rows: skipped.map(({ name, words }) => `- ${text(name)}: ${text(words, 1000)}`),
      after: skipped.length === 0 ? "" : "\n</details>",
    },
  ]
}

function gateTable({ gates }: Status): string {
  return table(
    ["gate", "verdict", "time", ""],
    ["left", "left", "right", "left"],
    gates.map(({ name, verdict, seconds, cached, words }) => [
      text(name),
      `${MARKS[verdict]} ${verdict === "passed" ? "passed" : `**${verdict}**`}`,
      seconds === null ? "–" : duration(seconds),
      `${text(words, 200)}${cached ? " (evidence of an earlier run)" : ""}`,
    ]),
  )
}

function figureTable(status: Status): string {
  const figures = shownFigures(status)
  if (figures.length === 0) return ""
  const compared = figures.some(({ before }) => before !== null)
  return table(
    ["figure", "now", ...(compared ? ["before", "change"] : [])],
    ["left", "right", ...(compared ? (["right", "right"] as const) : [])],
    figures.map(({ title, now, before, difference }) => [
      text(title),
      now,
      ...(compared ? [before ?? "–", difference === "" ? (before === null ? "" : "none") : `**${difference}**`] : []),
    ]),
  )
}

function whyBlocks({ gates }: Status): Rows[] {
  return gates
    .filter(({ verdict, reasons }) => (verdict === "failed" || verdict === "inconclusive") && reasons.length > 0)
    .map(({ name, verdict, reasons }) => ({
      before: `### ${text(name)} ${verdict === "failed" ? "failed" : "is inconclusive"}\n`,
      rows: reasons.map((reason) => `- ${text(reason, 1000)}`),
      after: "",
    }))
}

function plain(block: string): Rows {
  return { before: block, rows: [], after: "" }
}
