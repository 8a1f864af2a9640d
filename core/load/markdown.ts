import { code, pre, table, text } from "../presentation/markdown-markup.js"
import { shortDigest } from "../shared/figures.js"
import { failureInWords } from "./failure.js"
import { percentOf } from "./figures.js"
import { isPassed, type LoadReason, type LoadResult, type ScenarioResult } from "./result.js"
import { askedInWords, measuredInWords, scenarioRow, scenarioTitles, verdictInWords } from "./screen.js"
import { loadVerdictLine } from "./verdict.js"

/** summary.md, for a GitHub job summary or comment. */
export function loadMarkdown(result: LoadResult): string {
  const { target, source, scenarios, reasons, warnings, generator } = result
  const where =
    target.kind === "image"
      ? `the image of ${code(target.name)} · source ${code(shortDigest(source ?? ""))}`
      : code(target.name)
  const { cpu } = generator
  const blocks = [
    `## ${isPassed(result) ? "✅" : "❌"} ${text(loadVerdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} · ${where}`,
    ...reasons.map(reasonLine),
    table(
      scenarioTitles,
      scenarioTitles.map((_, index) => (index === 0 || index === scenarioTitles.length - 1 ? "left" : "right")),
      scenarios.map((scenario) => scenarioRow(scenario).map((cell) => text(cell))),
    ),
    table(
      ["scenario", "figure", "threshold", "measured", "verdict"],
      ["left", "left", "right", "right", "left"],
      scenarios.flatMap(thresholdRows),
    ),
    ...scenarios.flatMap(whyBlocks),
    ...warnings.map((warning) => `⚠️ ${text(warning)}`),
    cpu === null
      ? "The load generator did not run."
      : `Load generator: ${percentOf(cpu.mean * 100)} of ${cpu.cores} cores, peak ${percentOf(cpu.peak * 100)}; CPU of the machine: ${percentOf(cpu.machine * 100)}.`,
  ]
  return `${blocks.join("\n\n")}\n`
}

function thresholdRows({ plan, thresholds }: ScenarioResult): string[][] {
  return thresholds.map((threshold) => {
    const passed = threshold.verdict.kind === "passed"
    return [
      text(plan.name),
      threshold.name,
      askedInWords(threshold),
      measuredInWords(threshold),
      passed ? "passed" : `❌ **${verdictInWords(threshold)}**`,
    ]
  })
}

function whyBlocks({ plan, reasons, failures }: ScenarioResult): string[] {
  if (reasons.length === 0) return []
  const examples = failures.flatMap((failure) =>
    failure.example === null
      ? []
      : [`First answer with ${text(failureInWords(failure))}:`, pre(failure.example.slice(0, 1000))],
  )
  return [`### ${text(plan.name)}`, ...reasons.map(reasonLine), ...examples]
}

function reasonLine({ code: name, message }: LoadReason): string {
  return `- ${code(name)} ${text(message, 1000)}`
}
