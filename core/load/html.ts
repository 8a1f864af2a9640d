import { block, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { type PagePart, page, tile, verdict } from "../presentation/html-page.js"
import { clip } from "../presentation/plain-text.js"
import { duration, moment, shortDigest } from "../shared/figures.js"
import { percentOf, time } from "./figures.js"
import { scenarioCard } from "./html-scenario.js"
import { loadStyle } from "./html-style.js"
import { isPassed, type LoadResult } from "./result.js"
import { failedOf, loadVerdictLine, requestsOf, thresholdsOf } from "./verdict.js"

/** report.html: one file without scripts or network requests. */
export function loadHtml(result: LoadResult): string {
  const { target, source, startedAt, plan } = result
  const line = loadVerdictLine(result)
  const origin: [string, Markup][] =
    target.kind === "image"
      ? [
          ["image of", markup`<code>${target.name}</code>`],
          ["source", markup`<code>${shortDigest(source ?? "")}</code>`],
        ]
      : [["address", markup`<code>${target.name}</code>`]]
  return page({
    title: `${line} · ${target.name}`,
    header: verdict({ line, passed: isPassed(result), about: [...origin, ["started", markup`${moment(startedAt)}`]] }),
    main: markup`${tiles(result)}${wholeRun(result)}<section id="scenarios"><h2>Scenarios <small>all at the same time</small></h2>${result.scenarios.map(scenarioCard)}
${result.notRun.length === 0 ? nothing : markup`<p class="note"><strong>Not run:</strong> ${result.notRun.join(", ")}.</p>`}
<p class="note">Response times include waiting for a connection and end with the last byte of the answer. A failed request counts as ${time(plan.timeout)}. The requests of the warm-up (${duration(plan.warmUp)}) are not counted.</p></section>${outputs(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} computed these figures from k6's samples and compared them with k6's own summary. Both are in this folder: load.json and k6-summary.json.`,
    style: loadStyle,
  })
}

/** On the page of a whole run: each scenario with its thresholds and plots. */
export function loadPart(result: LoadResult): PagePart {
  const html = markup`<section><h2>Load test <small>all scenarios at the same time</small></h2>${result.scenarios.map(scenarioCard)}
${result.notRun.length === 0 ? nothing : markup`<p class="note"><strong>Not run:</strong> ${result.notRun.join(", ")}.</p>`}</section>`
  return { html: result.scenarios.length === 0 ? nothing : html, style: loadStyle }
}

function tiles(result: LoadResult): Markup {
  const { cpu } = result.generator
  const thresholds = thresholdsOf(result)
  const passed = thresholds.filter(({ verdict }) => verdict.kind === "passed").length
  const failed = failedOf(result)
  return markup`<dl class="figures">${tile("thresholds passed", `${passed} of ${thresholds.length}`, passed < thresholds.length)}
${tile("requests measured", String(requestsOf(result)), requestsOf(result) === 0)}${tile("failed", String(failed), failed > 0)}
${cpu === null ? nothing : markup`${tile("load generator", percentOf(cpu.mean * 100), cpu.mean >= 0.8, `of ${cpu.cores} cores, peak ${percentOf(cpu.peak * 100)}`)}${tile("machine", percentOf(cpu.machine * 100), false, "CPU of all processes")}`}</dl>`
}

function wholeRun({ reasons, warnings }: LoadResult): Markup {
  if (reasons.length + warnings.length === 0) return nothing
  const why =
    reasons.length === 0
      ? nothing
      : markup`<article class="card problem"><h3>${icon("fail")} The whole run</h3><ul class="reasons">${reasons.map(({ code, message }) => markup`<li><code class="code">${code}</code><p class="said">${clip(message, 2000)}</p></li>`)}</ul></article>`
  return markup`<section id="why">${why}${warnings.map((warning) => markup`<p class="card warning"><strong>Warning:</strong> ${warning}.</p>`)}</section>`
}

function outputs({ serviceOutput, generator }: LoadResult): Markup {
  const blocks = [
    block("Last output of the service", clip(serviceOutput, 20_000)),
    block("The end of k6's log", clip(generator.lastLines.join("\n"), 20_000)),
  ].filter((one) => one !== nothing)
  return blocks.length === 0
    ? nothing
    : markup`<section id="output"><h2>Output</h2><div class="card">${blocks}</div></section>`
}
