import { alignColumns, fit } from "../report/columns.js"
import { count } from "../report/figures.js"
import { line, safe, screenColumns as columns, screenLines } from "../report/screen.js"
import type { ConfigResult, FileProblem, Problem, VariableResult } from "./result.js"

/**
 * One screen: every variable, where its value comes from, and everything that is wrong. When there is more than the screen
 * holds, what is right is folded first and advice second.
 *
 * @param report where everything is, or how to have it written
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
  const more = fit(`… and ${body.length - room + 1} lines more: ${safe(where.report)}`, columns)
  return `${[...head, ...body.slice(0, room - 1), more, ...foot].join("\n")}\n`
}

function title({ tollgateVersion, environment }: ConfigResult): string {
  return line(`Tollgate ${tollgateVersion} · check-config · ${environment}`)
}

function comparisons({ comparedWith, example }: ConfigResult): string {
  const done = [...(comparedWith === null ? [] : [comparedWith]), ...(example ? [".env.example"] : [])]
  const compared = done.length === 0 ? "" : `compared with ${done.join(" and ")}`
  if (comparedWith !== null) return line(compared)
  return line([compared, "not compared with another environment: --against=env:NAME"].filter((part) => part !== "").join("; "))
}

type Detail = { fold: boolean; advise: boolean }

function table({ variables, file }: ConfigResult, { fold, advise }: Detail): string[] {
  const red = variables.filter(({ problems }) => problems.length > 0)
  const shown = fold ? red : variables
  const sound = fold ? variables.filter(({ problems }) => problems.length === 0).map(({ name }) => name) : []
  const titles = ["name", "needed", "source", "value", "state"]
  const rows = alignColumns([titles, ...shown.map(row)], ["left", "left", "left", "left", "left"]).map((text) =>
    fit(text, columns),
  )
  return [
    ...(rows[0] === undefined ? [] : [rows[0]]),
    ...shown.flatMap((variable, index) => [
      rows[index + 1] ?? "",
      ...variable.problems.flatMap((problem) => lines(problem, advise)),
    ]),
    ...(sound.length > 0 ? [line(`right: ${sound.join(", ")}`)] : []),
    ...(file.length > 0 ? ["the text itself", ...file.flatMap((problem) => lines(problem, advise))] : []),
  ]
}

function row({ name, need, source, shown, problems }: VariableResult): string[] {
  const state = problems.length > 0 ? "RED" : source === "none" ? "not set" : "ok"
  return [line(name, 32), need, source === "none" ? "–" : source, shown === "" ? "–" : line(shown, 28), state]
}

function lines({ code, message, next }: Problem | FileProblem, advise: boolean): string[] {
  const said = `  ${code}: ${safe(message)}`
  if (!advise) return [fit(said, columns)]
  const both = `${said}; ${safe(next)}`
  return fit(both, columns) === both ? [both] : [fit(said, columns), fit(`    ${safe(next)}`, columns)]
}

function unused({ unused }: ConfigResult): string[] {
  if (unused.length === 0) return []
  const names = unused.map(({ name, meant }) => (meant === null ? name : `${name} (meant: ${meant}?)`))
  return [
    "",
    line(`not used: ${names.join(", ")}`),
    ...unused.flatMap(({ name, problems }) =>
      problems.map((problem) => line(`  ${problem.code}: ${name} ${problem.message}; ${problem.next}`)),
    ),
  ]
}

export function verdictLine({ environment, variables, comparedWith, verdict }: ConfigResult): string {
  if (verdict.kind === "red") return safe(`RED: ${count(verdict.problems, "problem")} in the configuration of ${environment}`)
  const given = variables.filter(({ source }) => source === "given").length
  const byDefault = variables.filter(({ source }) => source === "default").length
  const apart = comparedWith === null ? "" : `; nothing is shared with ${comparedWith}`
  return safe(`PROVEN: the configuration of ${environment}: ${given} given, ${byDefault} by default${apart}`)
}
