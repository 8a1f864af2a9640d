import { alignColumns, fit } from "../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines } from "../presentation/screen.js"
import { count } from "../shared/figures.js"
import type { ConfigResult, FileProblem, Problem, VariableResult } from "./result.js"

/**
 * One screen: every variable, where its value comes from, and every problem. When the screen is too short, variables that passed
 * are folded first, and advice is dropped second.
 *
 * @param report where the full report is, or how to write it
 */
export function configScreen(result: ConfigResult, where: { report: string }): string {
  const head = [title(result), comparisons(result), ""]
  const foot = [...unused(result), "", verdictLine(result)]
  const room = screenLines - head.length - foot.length
  for (const detail of [
    { fold: false, advise: true },
    { fold: true, advise: true },
    { fold: true, advise: false },
  ]) {
    const body = table(result, detail)
    if (body.length <= room) return `${[...head, ...body, ...foot].join("\n")}\n`
  }
  const body = table(result, { fold: true, advise: false })
  const more = fit(`… and ${body.length - room + 1} more lines: ${safe(where.report)}`, columns)
  return `${[...head, ...body.slice(0, room - 1), more, ...foot].join("\n")}\n`
}

function title({ tollgateVersion, environment }: ConfigResult): string {
  return line(`Tollgate ${tollgateVersion} · check-config · ${environment}`)
}

function comparisons({ comparedWith, example }: ConfigResult): string {
  const done = [...(comparedWith === null ? [] : [comparedWith]), ...(example ? [".env.example"] : [])]
  const compared = done.length === 0 ? "" : `compared with ${done.join(" and ")}`
  if (comparedWith !== null) return line(compared)
  return line(
    [compared, "not compared with another environment: --against=env:NAME"].filter((part) => part !== "").join("; "),
  )
}

type Detail = { fold: boolean; advise: boolean }

function table({ variables, file }: ConfigResult, { fold, advise }: Detail): string[] {
  const failed = variables.filter(({ problems }) => problems.length > 0)
  const shown = fold ? failed : variables
  const passed = fold ? variables.filter(({ problems }) => problems.length === 0).map(({ name }) => name) : []
  const titles = ["name", "needed", "source", "value", "verdict"]
  const rows = alignColumns([titles, ...shown.map(row)], ["left", "left", "left", "left", "left"]).map((text) =>
    fit(text, columns),
  )
  return [
    ...(rows[0] === undefined ? [] : [rows[0]]),
    ...shown.flatMap((variable, index) => [
      rows[index + 1] ?? "",
      ...variable.problems.flatMap((problem) => lines(problem, advise)),
    ]),
    ...(passed.length > 0 ? [line(`passed: ${passed.join(", ")}`)] : []),
    ...(file.length > 0 ? ["the dotenv text", ...file.flatMap((problem) => lines(problem, advise))] : []),
  ]
}

function row({ name, need, source, shown, problems }: VariableResult): string[] {
  const verdict = problems.length > 0 ? "FAILED" : source === "none" ? "not set" : "passed"
  return [line(name, 32), need, source === "none" ? "–" : source, shown === "" ? "–" : line(shown, 28), verdict]
}

function lines({ code, message, next }: Problem | FileProblem, advise: boolean): string[] {
  const said = `  ${code}: ${safe(message)}`
  if (!advise) return [fit(said, columns)]
  const both = `${said}; ${safe(next)}`
  return fit(both, columns) === both ? [both] : [fit(said, columns), fit(`    ${safe(next)}`, columns)]
}

function unused({ unused }: ConfigResult): string[] {
  if (unused.length === 0) return []
  const names = unused.map(({ name, meant }) => (meant === null ? name : `${name} (did you mean ${meant}?)`))
  return [
    "",
    line(`not used: ${names.join(", ")}`),
    ...unused.flatMap(({ name, problems }) =>
      problems.map((problem) => line(`  ${problem.code}: ${name} ${problem.message}; ${problem.next}`)),
    ),
  ]
}

export function verdictLine({ environment, variables, comparedWith, verdict }: ConfigResult): string {
  if (verdict.kind === "failed")
    return safe(`FAILED: ${count(verdict.problems, "problem")} in the configuration of ${environment}`)
  const given = variables.filter(({ source }) => source === "given").length
  const byDefault = variables.filter(({ source }) => source === "default").length
  const apart = comparedWith === null ? "" : `; nothing shared with ${comparedWith}`
  return safe(`PASSED: configuration of ${environment}: ${given} set, ${byDefault} by default${apart}`)
}
