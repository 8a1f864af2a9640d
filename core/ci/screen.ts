import { alignColumns, fit } from "../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines } from "../presentation/screen.js"
import { duration, shortDigest } from "../shared/figures.js"
import { changedInWords, shownFigures } from "./change.js"
import type { GateStatus, Status } from "./status.js"

/** The first lines of a screen: each gate with its verdict and time. */
export function ciScreen(status: Status, where: { report: string; earlier: Status | null }): string {
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
    ...gateTable(status, where.earlier),
    ...figureLines(status),
  ]
  const foot = ["", `Full report: ${where.report}`, "", safe(status.verdictInWords)]
  const failed = status.gates.filter(({ verdict }) => verdict === "failed" || verdict === "inconclusive")
  return `${[...head, ...why(failed, screenLines - head.length - foot.length), ...leftOut(status), ...foot].join("\n")}\n`
}

function gateTable({ gates }: Status, earlier: Status | null): string[] {
  const expected = gates.map(({ name }) => expectedOf(name, earlier))
  const shown = expected.some((cell) => cell !== "")
  const rows = gates.map(({ name, verdict, seconds, cached, words }, index) => [
    name,
    verdict === "failed" || verdict === "inconclusive" ? verdict.toUpperCase() : verdict,
    seconds === null ? "–" : duration(seconds),
    ...(shown ? [expected[index] ?? ""] : []),
    verdict === "skipped" ? "" : `${safe(words)}${cached ? ", evidence of an earlier run" : ""}`,
  ])
  const titles = ["gate", "verdict", "time", ...(shown ? ["earlier"] : []), ""]
  return alignColumns([titles, ...rows], ["left", "left", "right", ...(shown ? (["right"] as const) : []), "left"]).map(
    (row) => fit(row, columns),
  )
}

function expectedOf(name: string, earlier: Status | null): string {
  const gate = earlier?.gates.find((one) => one.name === name)
  return gate === undefined || gate.cached || gate.seconds === null ? "" : duration(gate.seconds)
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

/** The line that is printed when a gate's state changes. */
export function progressLine(
  gate: string,
  state: { kind: string; seconds?: number; verdict?: string; why?: string },
  running: readonly string[],
  earlier: Status | null,
): string {
  const others = running.length === 0 ? "" : `; running: ${running.join(", ")}`
  switch (state.kind) {
    case "running": {
      const usual = expectedOf(gate, earlier)
      return `ci: ${gate} running${usual === "" ? "" : `, ${usual} in the earlier run`}`
    }
    case "skipped":
      return line(`ci: ${gate} skipped: ${state.why ?? ""}`)
    default:
      return `ci: ${gate} ${state.verdict ?? ""}, ${duration(state.seconds ?? 0)}${others}`
  }
}
