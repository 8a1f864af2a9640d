import { alignColumns, fit } from "../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines } from "../presentation/screen.js"
import { duration, shortDigest } from "../shared/figures.js"
import { changedInWords, shownFigures } from "./change.js"
import type { GateStatus, Status } from "./status.js"
import type { Times } from "./times.js"

/** The first lines of a screen: each gate with its verdict and time. */
export function ciScreen(status: Status, where: { report: string; usual: Times }): string {
  const head = [
    line(
      [
        `Tollgate ${status.tollgate}`,
        "ci",
        status.app,
        `source ${shortDigest(status.source)}`,
        changedInWords(status),
      ].join(" · "),
    ),
    "",
    ...gateTable(status, where.usual),
    ...figureLines(status),
  ]
  const foot = ["", `Full report: ${where.report}`, "", safe(status.verdictInWords)]
  const failed = status.gates.filter(({ verdict }) => verdict === "failed" || verdict === "inconclusive")
  return `${[...head, ...why(failed, screenLines - head.length - foot.length), ...leftOut(status), ...foot].join("\n")}\n`
}

function gateTable({ gates }: Status, usual: Times): string[] {
  const expected = gates.map(({ name }) => expectedOf(name, usual))
  const shown = expected.some((cell) => cell !== "")
  const rows = gates.map(({ name, verdict, seconds, cached, words }, index) => [
    name,
    verdict === "failed" || verdict === "inconclusive" ? verdict.toUpperCase() : verdict,
    seconds === null ? "–" : duration(seconds),
    ...(shown ? [expected[index] ?? ""] : []),
    verdict === "skipped" ? "" : `${safe(words)}${cached ? ", evidence of an earlier run" : ""}`,
  ])
  const titles = ["gate", "verdict", "time", ...(shown ? ["usually"] : []), ""]
  return alignColumns([titles, ...rows], ["left", "left", "right", ...(shown ? (["right"] as const) : []), "left"]).map(
    (row) => fit(row, columns),
  )
}

function expectedOf(name: string, usual: Times): string {
  const expected = usual.get(name)
  return expected === undefined ? "" : duration(expected)
}

function figureLines(status: Status): string[] {
  const compared = shownFigures(status).filter(({ difference }) => difference !== "")
  if (compared.length === 0) return []
  return [
    "",
    "Since the baseline",
    ...alignColumns(
      compared.map(({ title, before, now, difference }) => [`  ${title}`, before ?? "", "→", now, difference]),
      ["left", "right", "left", "right", "left"],
    ),
  ]
}

function why(gates: readonly GateStatus[], room: number): string[] {
  if (gates.length === 0) return []
  const each = Math.max(3, Math.floor((room - 1) / gates.length) - 2)
  return gates.flatMap(({ name, verdict, reasons }) => {
    const shown = reasons.slice(0, each)
    return [
      "",
      `Why ${name} ${verdict === "failed" ? "failed" : "is inconclusive"}`,
      ...shown.map((reason) => fit(`  ${safe(reason)}`, columns)),
      ...(reasons.length > shown.length ? [`  and ${reasons.length - shown.length} more in the report`] : []),
    ]
  })
}

function leftOut({ gates }: Status): string[] {
  const skipped = gates.filter(({ verdict }) => verdict === "skipped")
  if (skipped.length === 0) return []
  return ["", "Not run", ...skipped.map(({ name, words }) => fit(`  ${name}: ${safe(words)}`, columns))]
}
