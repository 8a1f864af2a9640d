import { ciGates, gates } from "../config/gates.js"
import { figure, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { type PagePart, page, tile, verdict } from "../presentation/html-page.js"
import { duration, moment, shortDigest } from "../shared/figures.js"
import { changedInWords, shownFigures } from "./change.js"
import type { GateStatus, Status } from "./status.js"

/**
 * index.html: the pipeline as a picture, each gate's verdict and reasons, what it found, and the way to its report. One file, without a
 * script.
 *
 * @param parts what gates show of themselves, in the order of the gates
 */
export function ciHtml(status: Status, parts: readonly PagePart[] = []): string {
  return page({
    title: `${status.verdictInWords} · ${status.app}`,
    header: verdict({
      line: status.verdictInWords,
      passed: status.verdict === "passed",
      about: [
        ["app", markup`<code>${status.app}</code>`],
        ["source", markup`<code>${shortDigest(status.source)}</code>`],
        ...(status.revision === null
          ? []
          : [["commit", markup`<code>${status.revision.slice(0, 12)}</code>`] satisfies [string, Markup]]),
        ["change", markup`${changedInWords(status)}`],
        ["started", markup`${moment(status.startedAt)}`],
      ],
    }),
    main: markup`${figures(status)}${pipeline(status)}${timeline(status)}${whySections(status)}${comparison(status)}${parts.map(({ html }) => html)}`,
    footer: markup`Tollgate ${status.tollgate}. status.json has the same data.`,
    style: [style, ...parts.map((part) => part.style)].join(""),
  })
}

function figures({ gates, seconds }: Status): Markup {
  const of = (kind: GateStatus["verdict"]) => gates.filter((gate) => gate.verdict === kind).length
  return markup`<dl class="figures">
${tile("gates", String(gates.length), false)}${tile("passed", String(of("passed")), false)}
${tile("failed", String(of("failed")), of("failed") > 0)}${tile("inconclusive", String(of("inconclusive")), of("inconclusive") > 0)}
${tile("not run", String(of("skipped")), false)}${tile("time", duration(seconds), false)}</dl>`
}

/** Gates by the longest way of needs to them: those of one stage may run at once. */
function stagesOf(gates: readonly GateStatus[]): GateStatus[][] {
  const names = new Map(gates.map((gate) => [gate.name, gate]))
  const ruleOf = (name: string) => ciGates.find((gate) => gate.name === name)?.ci
  const depth = (name: string): number => {
    const needs = (ruleOf(name)?.needs ?? []).map(({ gate }): string => gate).filter((gate) => names.has(gate))
    return needs.length === 0 ? 0 : 1 + Math.max(...needs.map(depth))
  }
  const deepest = Math.max(0, ...gates.map(({ name }) => depth(name)))
  const stage = (name: string) => (ruleOf(name)?.alone === true ? deepest + 1 : depth(name))
  const stages: GateStatus[][] = []
  for (const gate of gates) (stages[stage(gate.name)] ??= []).push(gate)
  return stages.filter((one) => one.length > 0)
}

const ICONS = { passed: "pass", failed: "fail", inconclusive: "fail", skipped: "skip" } as const

function pipeline({ gates }: Status): Markup {
  const stages = stagesOf(gates).map(
    (stage, index) =>
      markup`<li><h3>Stage ${index + 1}</h3><ul>${stage.map((gate) => markup`<li class="card gate ${gate.verdict}">${gateCard(gate)}</li>`)}</ul></li>`,
  )
  return markup`<section><h2>Pipeline</h2><ol class="stages">${stages}</ol>
<p class="note">Not part of a change: the gates of an environment, ${ofEnvironments()}. They need its secrets, and <code>deploy</code> runs them.</p></section>`
}

/** Without these words, a reader could take ECPay's credentials for checked. */
function ofEnvironments(): string {
  return Object.values(gates)
    .filter(({ ci }) => ci === null)
    .map(({ name, deploy }) => `${name} (${deploy?.check ?? ""})`)
    .join(", ")
}

function gateCard({ name, verdict, words, seconds, report, cached }: GateStatus): Markup {
  const time = seconds === null ? "" : duration(seconds)
  const earlier = cached ? markup`<span class="cached">evidence of an earlier run</span>` : nothing
  const link = report === null ? nothing : markup`<a href="${report}/report.html">Report of ${name}</a>`
  return markup`<h4>${icon(ICONS[verdict])}${name}</h4>
<p><strong>${verdict}</strong> ${time}</p><p class="where">${words}</p>${earlier}${link}`
}

/** What ran beside what, and which gate the run waited for. */
function timeline({ gates }: Status): Markup {
  const ran = gates.filter((gate) => gate.from !== null && gate.seconds !== null)
  if (ran.length === 0) return nothing
  const length = Math.max(0.001, ...ran.map(({ from, seconds }) => (from ?? 0) + (seconds ?? 0)))
  const rows = ran.map(({ name, verdict, from, seconds }) => {
    const [start, time] = [from ?? 0, seconds ?? 0]
    const kind = verdict === "passed" ? "passed" : "failed"
    return markup`<li><span class="name">${name}</span>
<svg class="track" role="img" aria-label="from ${duration(start)} to ${duration(start + time)}"><rect class="${kind}" x="${figure((start / length) * 100)}%" y="3" width="${figure(Math.max((time / length) * 100, 0.4))}%" height="16" rx="3"/></svg>
<span class="time">${duration(time)}</span></li>`
  })
  return markup`<section><h2>Time</h2><div class="card"><ol class="timeline">${rows}</ol></div></section>`
}

function whySections({ gates }: Status): Markup {
  const failed = gates.filter(({ verdict, reasons }) => verdict !== "passed" && reasons.length > 0)
  if (failed.length === 0) return nothing
  const parts = failed.map(
    ({ name, verdict, reasons }) =>
      markup`<div class="card problem"><h3>${name} ${verdict === "failed" ? "failed" : "is inconclusive"}</h3>
<ul class="reasons">${reasons.map((reason) => markup`<li><p class="said">${reason}</p></li>`)}</ul></div>`,
  )
  return markup`<section><h2>Why</h2>${parts}</section>`
}

function comparison(status: Status): Markup {
  const shown = shownFigures(status)
  if (shown.length === 0) return nothing
  const rows = shown.map(
    ({ title, now, before, difference }) =>
      markup`<tr><th scope="row">${title}</th><td class="number" data-label="now">${now}</td><td class="number" data-label="baseline">${before ?? "–"}</td><td class="number" data-label="change">${difference}</td></tr>`,
  )
  return markup`<section><h2>Figures</h2><div class="card compared"><table>
<thead><tr><th scope="col">figure</th><th scope="col" class="number">now</th><th scope="col" class="number">baseline</th><th scope="col" class="number">change</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`
}

const style = `
a{color:var(--accent)}
.stages{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:20px}
.stages h3{font-size:13px;color:var(--soft);margin-bottom:8px}
.gate{border-left:4px solid var(--pass);margin-bottom:12px;overflow-wrap:anywhere}
.gate.failed,.gate.inconclusive{border-left-color:var(--fail)}.gate.skipped{border-left-color:var(--skip)}
.gate h4{font-size:16px;display:flex;gap:8px;align-items:center;margin-bottom:4px}
@media (max-width:720px){
.compared thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.compared table,.compared tbody{display:block}
.compared tr{display:flex;flex-wrap:wrap;gap:2px 18px;padding:10px 0;border-top:1px solid var(--rule)}
.compared tr:first-child{border-top:0;padding-top:0}.compared tr:last-child{padding-bottom:0}
.compared th,.compared td{padding:0;border:0}.compared tbody th{width:100%}.compared td:empty{display:none}
.compared td::before{content:attr(data-label) " ";color:var(--soft);font-size:13px}
}
`
