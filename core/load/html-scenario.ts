import { block, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { clip } from "../presentation/plain-text.js"
import { duration } from "../shared/figures.js"
import { failureInWords } from "./failure.js"
import { rate, time } from "./figures.js"
import { distribution, overTime } from "./html-charts.js"
import type { FailureShown, ScenarioResult, ThresholdVerdict } from "./result.js"
import { askedInWords, measuredInWords } from "./screen.js"

/** One scenario: why it failed, thresholds, charts, failures. */
export function scenarioCard(result: ScenarioResult): Markup {
  const { plan, reasons, thresholds, failures, checks } = result
  const failed = reasons.length > 0
  const failedChecks = checks.filter((check) => check.failed > 0)
  return markup`<article class="card${failed ? " problem" : ""}"><h3>${icon(failed ? "fail" : "pass")} ${plan.name} <small>${rate(result.rate.asked)} for ${duration(plan.duration)}</small></h3>
<p class="requested"><code>${plan.method} ${plan.path}</code></p>
${failed ? markup`<ul class="reasons">${reasons.map(({ code, message }) => markup`<li><code class="code">${code}</code><p class="said">${clip(message, 2000)}</p></li>`)}</ul>` : nothing}
${thresholdTable(thresholds)}
${failedChecks.length === 0 ? nothing : markup`<p class="note">Failed checks: ${failedChecks.map((check) => `${check.name}, ${check.failed} of ${check.judged} answers`).join("; ")}.</p>`}
<div class="pair"><div>${distribution(result)}</div><div>${overTime(result)}</div></div>${legend(result)}
${failures.length === 0 ? nothing : markup`<div class="failures"><h4>Failures</h4><ul>${failures.map(failureItem)}</ul></div>`}</article>`
}

function thresholdTable(thresholds: ThresholdVerdict[]): Markup {
  return markup`<div class="thresholds"><table><thead><tr><th scope="col">figure</th><th scope="col" class="number">threshold</th><th scope="col" class="number">measured</th><th scope="col">verdict</th></tr></thead>
<tbody>${thresholds.map((threshold) => {
    const passed = threshold.verdict.kind === "passed"
    const words =
      threshold.verdict.kind === "inconclusive" ? `inconclusive: ${threshold.verdict.why}` : threshold.verdict.kind
    return markup`<tr><th scope="row">${threshold.name}</th><td class="number asked" data-label="threshold">${askedInWords(threshold)}</td><td class="number measured${passed ? "" : " bad-number"}" data-label="measured">${measuredInWords(threshold)}</td><td><span class="chip ${passed ? "passed" : "failed"}">${icon(passed ? "pass" : "fail")}${words}</span></td></tr>`
  })}</tbody></table></div>`
}

function legend({ figures }: ScenarioResult): Markup {
  if (figures === null || figures.requests + figures.dropped === 0) return nothing
  const key = (kind: string, words: string) =>
    markup`<span><svg aria-hidden="true"><rect class="${kind}" x="1" y="1" width="12" height="10"/></svg>${words}</span>`
  return markup`<div class="legend">${key("right", "correct")}${figures.failed > 0 ? key("failed", "failed") : nothing}${figures.dropped > 0 ? key("dropped", "not sent") : nothing}<span><svg aria-hidden="true"><line class="asked" x1="0" x2="14" y1="6" y2="6"/></svg>threshold or target</span></div>`
}

function failureItem(failure: FailureShown): Markup {
  const first = `first ${time(Math.max(0, failure.firstAt))} after the warm-up`
  return markup`<li><strong>${failure.count} × ${failureInWords(failure)}</strong> <small class="where">${first}</small>${block("The first such answer", clip(failure.example ?? "", 1000))}</li>`
}
