/** Styles of the load report only. */
export const loadStyle = `
.chart{margin:22px 0 0}
.chart figcaption{font-weight:600;margin-bottom:6px}.chart figcaption small{display:block;font-weight:400;color:var(--soft);font-size:13.5px}
.chart svg{display:block;overflow:visible}
.chart text{fill:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums}
.chart .base{fill:var(--rule)}
.chart .right{fill:var(--accent)}.chart .failed{fill:url(#hatch-fail);stroke:var(--fail);stroke-width:1}
.chart .dropped{fill:var(--track);stroke:var(--soft);stroke-width:1;stroke-dasharray:3 2}
.chart .bad-label{fill:var(--fail);font-weight:600}
.mark line{stroke:var(--ink);stroke-width:1.5}.mark text{fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.mark.asked line{stroke:var(--fail);stroke-dasharray:5 4}.mark.asked text{fill:var(--fail)}
.lines path{fill:none;stroke:var(--accent);vector-effect:non-scaling-stroke;stroke-linejoin:round}.lines .p95{stroke-width:2.5}.lines .p50{stroke-width:1;opacity:.8}
.dots circle{fill:var(--accent)}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 36px;align-items:start}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:13.5px;margin-top:14px}
.legend span{display:inline-flex;gap:7px;align-items:center}.legend svg{width:14px;height:12px;flex:none}
.legend .right{fill:var(--accent)}.legend .failed{fill:url(#hatch-fail);stroke:var(--fail)}.legend .dropped{fill:var(--track);stroke:var(--soft);stroke-dasharray:3 2}
.legend .asked{stroke:var(--fail);stroke-width:2;stroke-dasharray:5 4}
.thresholds{margin-top:14px}.thresholds table{max-width:40rem}.thresholds td:last-child,.thresholds th:last-child{text-align:right}
.requested+.reasons>li:first-child{border-top:0}.reasons+.thresholds{margin-top:22px}
.requested{color:var(--soft);overflow-wrap:anywhere;margin-top:2px}
.failures{margin-top:18px}.failures li{padding:8px 0;border-top:1px solid var(--rule)}
.warning{border-left:4px solid var(--skip-bar);background:var(--card)}
.whole{margin-bottom:14px}
@media (max-width:720px){.pair{grid-template-columns:minmax(0,1fr)}.thresholds thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.thresholds tr{display:grid;grid-template-columns:4.5rem 1fr auto;gap:0 10px;padding:9px 0;border-top:1px solid var(--rule)}.thresholds td,.thresholds tbody th{padding:0;border:0}
.thresholds td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:13px}.thresholds .measured{grid-column:2;grid-row:2;text-align:left}.thresholds .asked{text-align:left}
.thresholds td:last-child{grid-column:1/-1;grid-row:3;text-align:left}.thresholds .chip{white-space:normal}}
`
