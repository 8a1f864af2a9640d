/** Added to the style of the reports: what a page has that is read all day, from a phone to a wall. */
export const dashboardStyle = `
body{overflow-wrap:anywhere}
main,.top>div,.freshness,footer{max-width:min(96vw,1680px);margin-left:auto;margin-right:auto;padding-left:24px;padding-right:24px}
main:focus{outline:none}
.skip-link{position:absolute;left:-999px}.skip-link:focus{left:8px;top:8px;background:var(--card);padding:8px 12px;z-index:2}
a{color:var(--accent)}
h1{color:var(--ink);font-size:28px;display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;margin:14px 0}
h1 .chip{font-size:17px}
.top{background:var(--card);border-bottom:1px solid var(--rule)}
.top>div{display:flex;flex-wrap:wrap;gap:6px 26px;align-items:center;padding-top:12px;padding-bottom:12px}
.top nav{flex:1}.top nav ul{display:flex;flex-wrap:wrap;gap:4px 18px}
.top nav a{display:inline-block;padding:4px 0}.top nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration-thickness:2px}
section.freshness{margin-top:0}.freshness{padding-top:10px;color:var(--soft);font-size:14px}
.freshness small{font-size:13px}
.connection:empty{display:none}
.connection{padding:10px 14px;margin-top:8px;color:var(--ink);border:2px solid var(--skip);border-radius:8px;background:var(--card);font-weight:600}
.stale main{filter:grayscale(1)}.stale main .card{border-style:dashed}
.columns,.environments{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:14px;align-items:start}
.columns>.card,.environments>.card{margin:0;height:100%}
section.card,article.plan+article.plan{margin-top:14px}
.columns+section.card,.columns+div,.card+.environments,h1+.environments{margin-top:14px}
.waiting{border-left:4px solid var(--accent)}
.states{display:flex;flex-wrap:wrap;gap:6px 16px;margin-bottom:8px}
.chip.neutral{color:var(--skip)}
.icon.running{stroke:var(--skip);stroke-width:1.6}
.facts div{display:grid;grid-template-columns:minmax(7rem,10rem) minmax(0,1fr);gap:2px 14px;padding:8px 0;border-top:1px solid var(--rule)}
.facts div:first-child{border-top:0;padding-top:0}
.facts dt{color:var(--soft)}.facts dd{margin:0}
.list>li{padding:6px 0;border-top:1px solid var(--rule)}.list>li:first-child{border-top:0;padding-top:0}
.list+.note,.card h3{margin-top:14px}
.none,.cause{color:var(--soft)}.cause{white-space:pre-line}.problem .cause,.message .cause{color:var(--ink)}
small{color:var(--soft);font-weight:400;font-size:13px}
time small{white-space:nowrap}td small,th small{display:block}td .chip+.chip{display:flex;margin-top:4px}
.cards .number{padding-right:28px}.cards tr>.number:last-child{padding-right:0}
caption{text-align:left;color:var(--soft);font-size:13px;padding-bottom:8px}
tbody th{font-weight:400}
td,tbody th{vertical-align:top}
.more,.pages,.path{margin-top:14px;display:flex;flex-wrap:wrap;gap:4px 18px}.path{display:block;color:var(--soft)}
.filter{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:end;margin-bottom:18px}
.filter label{display:grid;gap:3px;color:var(--soft);font-size:13.5px}
.filter input,.filter select{font:inherit;font-size:15px;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:6px 9px;height:38px;min-width:8rem;max-width:100%}
.digest,.event{white-space:nowrap}
button{padding:7px 14px;border-color:var(--soft)}
a.button{display:inline-block;color:var(--accent);background:var(--card);border:1px solid var(--soft);border-radius:6px;text-decoration:none}
.top form{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center}.person{color:var(--soft);font-size:14px}
.durations{margin:12px 0 4px}.durations figcaption{color:var(--soft);font-size:13.5px}
.sparkline{display:block;max-width:100%}.sparkline .passed{fill:var(--accent)}.sparkline .failed{fill:url(#hatch-fail);stroke:var(--fail)}
.trend{display:block;max-width:100%}.trend polyline{fill:none;stroke:var(--accent);stroke-width:1.5}.trend circle{fill:var(--accent)}
.figures dd{white-space:normal}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:22px 26px}
.picture{margin:0;min-width:0;display:flex;flex-direction:column;justify-content:space-between}.picture figcaption{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline;margin-bottom:6px}
.picture .now{flex:1 1 100%;font-size:19px;font-variant-numeric:tabular-nums}.picture strong,.picture small{flex:1 1 100%}
.chart{display:block;width:100%;max-width:640px;height:auto}
.chart text{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}.chart .middle{text-anchor:middle}.chart .end{text-anchor:end}
.chart .grid{stroke:var(--rule)}.chart .switch{stroke:var(--ink);stroke-width:1.5}
.chart .value{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}.chart .value-end{fill:var(--accent)}
.chart .threshold{stroke:var(--fail);stroke-width:1.5;stroke-dasharray:7 4}.chart .threshold-words{fill:var(--fail);stroke:var(--card);stroke-width:3px;paint-order:stroke}
.chart .earlier{fill:url(#hatch-earlier);opacity:.35}.chart .earlier-value{stroke:var(--soft);stroke-width:2.5;stroke-dasharray:2 3}
.chart .beyond{fill:var(--ink)}.chart .gap{fill:var(--track);stroke:var(--soft);stroke-dasharray:2 4}
.log-bar{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center;justify-content:space-between;margin-bottom:8px}.log-bar .pages{margin-top:0}.follow{display:flex;gap:6px;align-items:baseline}.follow[hidden]{display:none}
.log{max-height:30rem;overflow:auto;border:1px solid var(--rule);border-radius:6px;font-size:13px}.log ol{list-style:none;margin:0;padding:0}.log p{margin:0;padding:6px 10px;color:var(--soft)}
.log li{display:grid;grid-template-columns:max-content minmax(3.5rem,max-content) minmax(0,max-content) 2rem minmax(14rem,1fr);gap:0 12px;padding:3px 10px;border-top:1px solid var(--rule)}.log li:first-child{border-top:0}
.log time,.log .container,.log .stream{color:var(--soft);font-variant-numeric:tabular-nums}.log .side{font-weight:600}.log .side.old{color:var(--soft)}.log .container{overflow-wrap:anywhere}
#logs .note+.filter{margin-top:14px}.log code{font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere;min-width:0;padding:0;background:none}.log .missing code{font-family:inherit;font-style:italic;color:var(--soft)}
[data-needs],.key-none,.key-unlisted,.key-listed,.own-none,.own-made,.own-unsupported,.for-you{display:none}
[data-key=none] .key-none,[data-key=unlisted] .key-unlisted,[data-key=listed] .key-listed,[data-own=none] .own-none,[data-own=made] .own-made,[data-own=unsupported] .own-unsupported{display:block}
[data-may~=rollback] [data-needs=rollback],[data-may~=maintenance] [data-needs=maintenance],[data-may~=unlock] [data-needs=unlock],[data-may~=deploy] [data-needs=deploy]{display:block}
.mine .for-you{display:inline;font-weight:600}.mine:not(.ask){font-weight:600}.approve{display:none}.approve.mine{display:block}
.columns+#ask,#ask+#requests,section+#approvals,#approvals+#ask,#reviews,#reviews+.columns,#changes,#changes+#approvals{margin-top:14px}.ask{margin-top:12px}.ask>summary{display:inline-block;cursor:pointer;padding:7px 14px;border:1px solid var(--soft);border-radius:6px;font-weight:600}
.ask.danger>summary{color:var(--fail);border-color:var(--fail)}
.ask form{display:grid;gap:12px;margin-top:12px;max-width:34rem;justify-items:start}
.ask label{display:grid;gap:3px;width:100%;color:var(--soft);font-size:13.5px}
.ask input,.ask select{font:inherit;font-size:15px;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:6px 9px;width:100%;min-width:0}
button.danger{background:var(--fail);border-color:var(--fail);color:var(--on)}button:disabled{opacity:.5;cursor:not-allowed}
#signed{max-width:min(96vw,1680px);margin:14px auto 0;padding:0 24px;font-weight:600;color:var(--ink)}
.answer{white-space:pre-line;color:var(--ink)}.answer:empty{display:none}
#own-key p{margin-top:10px}
.message{max-width:46rem;margin-top:36px}.message p{margin:12px 0}.message h1 .icon{width:30px;height:30px}
#sign-in{font-size:17px;padding:10px 26px}
@media (min-width:1500px){.pictures{grid-template-columns:repeat(auto-fit,minmax(320px,1fr))}}
@media (min-width:2400px){html{zoom:1.5}main,.top>div,.freshness,footer{max-width:1900px}}
@media (max-width:720px){
main,.top>div,.freshness,footer{padding-left:14px;padding-right:14px}
h1{font-size:23px}
.facts div{grid-template-columns:minmax(0,1fr)}
.cards thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.cards,.cards tbody,.cards caption{display:block}
.cards tr{display:grid;gap:3px;padding:10px 0;border-top:1px solid var(--rule)}
.cards td,.cards tbody th{display:block;padding:0;border:0;text-align:left;white-space:normal}
.cards tbody th{font-weight:600}
.cards td::before{content:attr(data-label) ": ";color:var(--soft)}
.cards td small{display:block}
.filter{display:grid;grid-template-columns:repeat(2,minmax(0,1fr))}.filter input,.filter select{width:100%;min-width:0}
.log li{display:flex;flex-wrap:wrap;gap:0 10px}.log code{flex:1 1 100%}
.top nav{order:1;flex:1 1 100%}.top form{margin-left:auto}
}
@media (prefers-reduced-motion:no-preference){.icon.running path{animation:turn 2s linear infinite;transform-origin:8px 8px}@keyframes turn{to{transform:rotate(360deg)}}}
`
