import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  clip,
  escapeMarkup,
  oneLine
} from "./shared.core.presentation.columns.mjs";
import {
  plainText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/presentation/markdown-markup.ts
var longestBlock = 6e3;
function escaped(raw, limit) {
  return oneLine(clip(raw, limit)).replace(special, (character) => `&#${character.charCodeAt(0)};`);
}
__name(escaped, "escaped");
var special = /[&<>"'\\`*[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
function text(raw, limit = 400) {
  return escaped(raw, limit).replace(/(?<!&)[@#](?=\w)/g, "$&&#8203;");
}
__name(text, "text");
function code(raw, limit = 400) {
  const inner = escaped(raw, limit);
  return inner === "" ? "" : `<code>${inner}</code>`;
}
__name(code, "code");
function pre(raw) {
  return `<pre>
${escapeMarkup(clip(raw, longestBlock))}
</pre>`;
}
__name(pre, "pre");
function details(summary, ...body) {
  return [`<details><summary>${summary}</summary>`, ...body, "</details>"].join("\n\n");
}
__name(details, "details");
function table(titles, alignments, rows) {
  const rule = alignments.map((alignment) => alignment === "right" ? "---:" : "---");
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
__name(table, "table");

// core/report/new-folder.ts
import { dag } from "../sdk/index.ts";
function newReport() {
  return dag.directory().withNewFile(".gitignore", "*\n");
}
__name(newReport, "newReport");

// core/presentation/html-markup.ts
var Markup = class {
  static {
    __name(this, "Markup");
  }
  source;
  constructor(source) {
    this.source = source;
  }
};
function markup(strings, ...parts) {
  return new Markup(strings.reduce((all, string, index) => all + render(parts[index - 1] ?? "") + string));
}
__name(markup, "markup");
function render(part) {
  if (part instanceof Markup) return part.source;
  if (Array.isArray(part)) return part.map(render).join("");
  return escapeMarkup(plainText(String(part)));
}
__name(render, "render");
var nothing = new Markup("");
function icon(kind) {
  return markup`<svg class="icon ${kind}" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-${kind}"/></svg>`;
}
__name(icon, "icon");
var definitions = markup`<svg width="0" height="0" class="definitions" aria-hidden="true"><defs>
<symbol id="icon-pass" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8"/><path d="M4.4 8.3l2.5 2.5 4.8-5.2"/></symbol>
<symbol id="icon-fail" viewBox="0 0 16 16"><path class="body" d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z"/><path d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6"/></symbol>
<symbol id="icon-skip" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="6.9"/><path d="M5 8h6"/></symbol>
<pattern id="hatch-fail" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="fail" width="8" height="8"/><rect class="cut" width="2" height="8"/></pattern>
<pattern id="hatch-earlier" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="soft" width="2" height="6"/></pattern>
</defs></svg>`;
function bar(parts, height, marker) {
  const rects = parts.filter((part) => part.width > 0).map(
    (part) => markup`<rect class="${part.kind}" x="${figure(part.from)}%" width="${figure(part.width)}%" height="${height}"/>`
  );
  const line = marker === void 0 ? nothing : markup`<rect class="marker" x="${figure(marker)}%" width="2" height="${height}"/>`;
  return markup`<svg class="bar" width="100%" height="${height}" aria-hidden="true">${rects}${line}</svg>`;
}
__name(bar, "bar");
function figure(value) {
  return String(Math.round(value * 100) / 100);
}
__name(figure, "figure");
function block(title, text2, open = false) {
  return text2.trim() === "" ? nothing : markup`<details${open ? markup` open` : ""}><summary>${title}</summary><pre tabindex="0">${text2}</pre></details>`;
}
__name(block, "block");

// core/presentation/html-page.ts
import { createHash } from "node:crypto";

// core/presentation/html-style.ts
var style = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#1b1f24;--soft:#57606a;--rule:#d8dee4;--track:#e9ecf0;
--pass:#1a7f37;--fail:#c2202f;--skip:#7d6200;--skip-bar:#d9a520;--accent:#3a62c8;--pass-wash:#e7f5eb;--fail-wash:#fdeced;--on:#fff;--code:#f3f4f7}
@media (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--ink:#e6edf3;--soft:#9aa6b2;--rule:#2b333d;--track:#262d37;
--pass:#3fb950;--fail:#ff7070;--skip:#d8ab3a;--skip-bar:#b98b1e;--accent:#7ea6ff;--pass-wash:#10251a;--fail-wash:#2d1519;--on:#0e1116;--code:#0f141a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main,header>div,footer{max-width:1120px;margin:0 auto;padding:0 24px}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.87em}
code{overflow-wrap:anywhere}
pre{margin:8px 0 0;padding:12px 14px;background:var(--code);border:1px solid var(--rule);border-radius:6px;overflow:auto;max-height:30rem;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere}
h1,h2,h3,h4,p,dl,ol,ul{margin:0;padding:0}
ol,ul{list-style:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.definitions{position:absolute}
.icon{width:1em;height:1em;flex:none;vertical-align:-.125em;fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;stroke:var(--on)}
.icon.pass{fill:var(--pass)}.icon.fail{fill:var(--fail)}.icon.skip{stroke:var(--skip)}
#icon-pass circle,#icon-fail .body{stroke:none}#icon-skip .ring{stroke-dasharray:2.6 2.6;stroke-width:1.6}
#icon-pass path,#icon-fail path:last-child{fill:none}
.verdict{border-bottom:1px solid var(--rule);border-top:6px solid var(--pass);background:var(--pass-wash)}
.verdict.failed{border-top-color:var(--fail);background:var(--fail-wash)}
.verdict>div{padding-top:28px;padding-bottom:28px}
.headline{display:flex;gap:20px;align-items:center}
.headline .icon{width:60px;height:60px;stroke-width:1.8}
h1{font-size:34px;line-height:1.15;letter-spacing:.01em;color:var(--pass)}
.failed h1{color:var(--fail)}
.words{font-size:17px}
.about{display:flex;flex-wrap:wrap;gap:4px 28px;margin-top:18px;color:var(--soft)}
.about div{display:flex;gap:8px;min-width:0}.about dd{margin:0;color:var(--ink)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(110px,1fr));margin:24px 0 0;background:var(--card);border:1px solid var(--rule);border-radius:8px;overflow:hidden}
.figures div{padding:12px 16px;box-shadow:-1px -1px 0 var(--rule)}
.figures dt{color:var(--soft);font-size:13px}
.figures dd{margin:0;font-size:23px;line-height:1.3;font-variant-numeric:tabular-nums;white-space:nowrap}
.figures .bad dd{color:var(--fail);font-weight:600}
.figures small{display:block;font-size:13px;color:var(--soft);font-weight:400}
section{margin-top:36px}
h2{font-size:20px;line-height:1.3;margin-bottom:12px}
h2 small,h3 small{font-weight:400;color:var(--soft);font-size:14px;margin-left:6px}
h3{font-size:16px}
.card{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:18px 20px}
.card+.card{margin-top:14px}
.note{color:var(--soft);font-size:14px;margin-top:12px}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;font-size:13px;color:var(--soft);padding:0 12px 8px 0;white-space:nowrap}
td,tbody th{padding:8px 12px 8px 0;border-top:1px solid var(--rule);vertical-align:middle}
tbody th{font-size:15px;color:var(--ink);white-space:normal;overflow-wrap:anywhere}
tr>:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}
.zero{color:var(--soft)}.bad-number{color:var(--fail);font-weight:600}
.chip{display:inline-flex;gap:7px;align-items:center;white-space:nowrap;font-weight:600}
.chip.passed{color:var(--pass)}.chip.failed{color:var(--fail)}
.cached{display:block;font-size:12.5px;color:var(--soft);font-weight:400}
.bar{display:block;background:var(--track);border-radius:3px;overflow:hidden}
.bar .passed{fill:var(--pass)}.bar .failed{fill:url(#hatch-fail)}.bar .skipped{fill:var(--skip-bar)}.bar .plain{fill:var(--accent)}
.bar .marker{fill:var(--ink)}
#hatch-fail .fail{fill:var(--fail)}#hatch-fail .cut{fill:var(--card);opacity:.4}#hatch-earlier .soft{fill:var(--soft)}
.suites .wide{width:32%}
.timeline{margin-top:6px}
.timeline li,.axis{display:grid;grid-template-columns:9.5rem minmax(0,1fr) 5.2rem;gap:0 14px;align-items:center;padding:3px 0}
.timeline .name{font-weight:600;overflow-wrap:anywhere;line-height:1.25}
.timeline .time{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.timeline .name small{display:block;font-weight:400;font-size:12.5px;color:var(--soft)}
.track{display:block;width:100%;height:22px;overflow:visible}
.track .grid{fill:var(--rule)}.track .passed{fill:var(--pass)}.track .failed{fill:url(#hatch-fail);stroke:var(--fail);stroke-width:1.5}
.track .earlier{fill:url(#hatch-earlier);stroke:var(--soft)}
.axis{color:var(--soft);font-size:12.5px;padding:0}.axis svg{display:block;width:100%;height:18px;overflow:visible;grid-column:2}.axis text{fill:var(--soft);font-size:12.5px}
.problem{border-left:4px solid var(--fail)}
.disagree{margin-top:8px;padding:8px 12px;background:var(--fail-wash);border-radius:6px}
.reasons>li,.case{padding:12px 0;border-top:1px solid var(--rule)}
.problem h3+.reasons>li:first-child,.problem h3+.case{border-top:0}
.reasons+.case{margin-top:12px}
.disagree+.case,.disagree+.reasons>li:first-child{border-top:0}
.card>details:first-child{margin-top:0}
.reasons>li:last-child,.case:last-child{padding-bottom:0}
.printed:has(details){margin-top:14px;border-top:1px solid var(--rule);padding-top:4px}
.code{display:inline-block;padding:1px 7px;border-radius:4px;background:var(--track);font-size:.8em}
.where{color:var(--soft);font-size:14px;overflow-wrap:anywhere}
.said{margin-top:4px;overflow-wrap:anywhere;white-space:pre-wrap}
.case h4{font-size:15px;display:flex;gap:8px;align-items:baseline}
.case .message{border-left:3px solid var(--fail)}
details{margin-top:8px}
summary{cursor:pointer;color:var(--accent);width:fit-content;padding:2px 0}
.slow li{display:grid;grid-template-columns:minmax(0,1fr) 36% 5.2rem;gap:0 16px;align-items:center;padding:7px 0;border-top:1px solid var(--rule)}
.slow li:first-child{border-top:0;padding-top:0}.slow li:last-child{padding-bottom:0}
.slow small{color:var(--soft);display:block;overflow-wrap:anywhere;font-size:13px}
.slow .number{font-variant-numeric:tabular-nums}
.coverage .wide{width:30%}.coverage .lines,.coverage th:last-child{padding-left:16px}.coverage .lines{color:var(--soft);font-size:13.5px;width:30%;overflow-wrap:anywhere}
.coverage tbody th,.tests tbody th{font-weight:400}
.total{display:grid;grid-template-columns:minmax(0,1fr);gap:8px;margin-bottom:18px}
.total p{font-size:16px}
.tests table{margin-top:10px}.tests td:first-child{white-space:nowrap;width:7rem}
.tests td,.tests tbody th{padding-top:5px;padding-bottom:5px}
.tools:empty{display:none}
button{font:inherit;font-size:14px;color:var(--accent);background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:5px 12px;cursor:pointer}
.tools{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center;margin-bottom:12px}
.tools label{display:inline-flex;gap:8px;align-items:center;max-width:100%}
.tools input[type=search]{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:6px 10px;width:min(22rem,100%)}
footer{margin-top:44px;padding-top:16px;padding-bottom:32px;color:var(--soft);font-size:14px}
@media (max-width:720px){
body{font-size:15px}main,header>div,footer{padding-left:16px;padding-right:16px}
.verdict>div{padding-top:20px;padding-bottom:20px}.headline{gap:14px}.headline .icon{width:44px;height:44px}h1{font-size:27px}.words{font-size:16px}
.card{padding:14px}.figures{grid-template-columns:repeat(3,1fr)}.figures div:last-child:nth-child(3n+1){grid-column:1/-1}.figures div:last-child:nth-child(3n+2){grid-column:2/-1}.figures div{padding:10px 12px}.figures dd{font-size:19px}
.suites thead,.coverage thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.suites table,.suites tbody,.coverage table,.coverage tbody{display:block}
.suites tr,.coverage tr{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;padding:10px 0;border-top:1px solid var(--rule)}
.suites tbody tr:first-child,.coverage tbody tr:first-child{border-top:0;padding-top:0}
.suites td,.suites tbody th,.coverage td,.coverage tbody th{padding:0;border:0}
.suites tbody th{flex:1 1 0}.suites tbody td:nth-child(2){text-align:right}.suites .wide,.coverage .wide{width:100%;order:1}.suites .number{order:2}
.suites .number::after{content:" " attr(data-label);color:var(--soft);font-size:13px}
.coverage tbody th{flex:1 1 60%}.coverage .lines,.coverage th:last-child{padding-left:16px}.coverage .lines{width:100%;order:2;padding:0}.coverage .lines:empty{display:none}
.timeline li{grid-template-columns:minmax(0,1fr) auto;padding:6px 0}.timeline .track{grid-column:1/-1;grid-row:2}.axis{grid-template-columns:minmax(0,1fr)}.axis svg{grid-column:1}
.slow li{grid-template-columns:minmax(0,1fr) auto}.slow .bar{grid-column:1/-1;grid-row:2;margin-top:6px}
.tests td:first-child{width:auto}
pre{max-height:22rem;padding:10px}
}
@media print{body{background:#fff}pre{max-height:none}.tools{display:none}.card,.verdict{break-inside:avoid-page}}
`;

// core/presentation/html-page.ts
function page({ title, header, main, footer, style: own = "", script }) {
  const scripts = script === void 0 ? "" : markup`
<script>${new Markup(script)}</script>`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${new Markup(style + own)}</style></head>
<body>${definitions}${header}
<main>${main}</main>
<footer>${footer}</footer>${scripts}</body></html>
`.source;
}
__name(page, "page");
function policy(script) {
  const ours = script === void 0 ? "'none'" : `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${ours}; base-uri 'none'; form-action 'none'`;
}
__name(policy, "policy");
function verdict({
  line,
  passed,
  about
}) {
  const [word, words] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)];
  return markup`<header class="verdict ${passed ? "passed" : "failed"}"><div>
<div class="headline">${icon(passed ? "pass" : "fail")}<div><h1>${word}</h1><p class="words">${words}</p></div></div>
<dl class="about">${about.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</div></header>`;
}
__name(verdict, "verdict");
function tile(name, value, bad, remark = "") {
  return markup`<div${bad ? markup` class="bad"` : ""}><dt>${name}</dt><dd>${value}${remark === "" ? "" : markup` <small>${remark}</small>`}</dd></div>`;
}
__name(tile, "tile");

export {
  markup,
  nothing,
  icon,
  bar,
  figure,
  block,
  page,
  verdict,
  tile,
  text,
  code,
  pre,
  details,
  table,
  newReport
};
