// What failed, in a vitest JSON report: each test by file and name with the first lines of its reason. Pure.
import { stripVTControlCharacters } from "node:util"

/** A list to print at the end of a run, where a log that was cut at its beginning still has it. */
export function failures(report, nameOf) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === "failed")
    if (failed.length > 0)
      return failed.map(
        (test) => `${nameOf(file.name)} > ${test.fullName}\n${indented(test.failureMessages?.join("\n") ?? "")}`,
      )
    return file.status === "failed" ? [`${nameOf(file.name)}\n${indented(file.message ?? "")}`] : []
  })
}

function indented(text) {
  const lines = stripVTControlCharacters(text).trimEnd().split("\n")
  const shown = lines.slice(0, 20)
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more lines above`)
  return shown.map((line) => `    ${line}`).join("\n")
}
