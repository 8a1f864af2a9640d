import { block, icon, type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { page, tile, verdict } from "../../presentation/html-page.js"
import { clip } from "../../presentation/plain-text.js"
import { count, moment, shortDigest } from "../../shared/figures.js"
import { blocksApp, keepsOut, modeName } from "./locks.js"
import type { Finding, MigrationPlan, PlannedLock, PlannedRevision, PlannedStatement } from "./plan.js"
import { counted, estimateWords, placeOf, revisionLocks, rowsOf, sizeOf, tableName, verdictLine, way } from "./words.js"

const LONGEST = 20_000

/** report.html: the plan for the person who approves it. */
export function html(plan: MigrationPlan): string {
  const line = verdictLine(plan)
  const about: [string, Markup][] = [
    ["environment", markup`${plan.environment}`],
    ["database", markup`<code>${plan.database.name}</code>, Postgres ${plan.database.serverVersion}`],
    ["way", markup`${way(plan)}`],
    ["plan", markup`<code>${plan.digest === null ? "none" : shortDigest(plan.digest)}</code>`],
    ["source", markup`<code>${shortDigest(plan.source)}</code>`],
    ["time", markup`${estimateWords(plan)}`],
    ["made", markup`${moment(plan.madeAt)}`],
  ]
  return page({
    title: `${line} · ${plan.app}`,
    header: verdict({ line, passed: plan.verdict.kind !== "red", about }),
    main: markup`${figures(plan)}${findingsSection(plan)}${locksSection(plan)}${revisionsSection(plan)}`,
    footer: markup`Tollgate ${plan.tollgateVersion}. Nothing was changed: the revisions ran on an empty copy of the schema (Postgres ${plan.database.copyVersion ?? "–"}), where each statement's locks and changes were read from the catalog. All of it is in plan.json.`,
    style,
  })
}

const style = `
.severity{font-weight:600;white-space:nowrap}.severity.error{color:var(--fail)}.severity.warning{color:var(--skip)}.severity.note{color:var(--soft)}
#findings .card>.reasons>li:first-child{border-top:0;padding-top:0}.locks{overflow-x:auto}.locks td,.locks tbody th{vertical-align:top}.statement{margin-top:14px}.statement ul{margin-top:6px;font-size:14px}.waits{color:var(--fail);font-weight:600}
`

function figures(plan: MigrationPlan): Markup {
  const statements = plan.revisions.reduce((sum, revision) => sum + revision.statements.length, 0)
  const errors = counted(plan.findings, "error")
  const incomplete = plan.sqlIsComplete === false
  return markup`<dl class="figures">${tile("revisions", String(plan.revisions.length), false)}${tile("statements", `${statements}${incomplete ? "+" : ""}`, incomplete, incomplete ? "more run than are shown" : "")}
${tile("errors", String(errors), errors > 0)}${tile("warnings", String(counted(plan.findings, "warning")), false)}${tile("notes", String(counted(plan.findings, "note")), false)}</dl>`
}

function findingsSection({ findings, running }: MigrationPlan): Markup {
  const about =
    running.kind === "known"
      ? nothing
      : markup`<p class="note">What the running version uses is not known: ${running.why}.</p>`
  if (findings.length === 0)
    return markup`<section id="findings"><h2>Findings</h2><div class="card"><p>No rule found anything.</p>${about}</div></section>`
  const counting = findings.filter(({ severity, accepted }) => severity !== "note" && accepted === null)
  const others = findings.filter((finding) => !counting.includes(finding))
  return markup`<section id="findings"><h2>Findings</h2><div class="card"><ul class="reasons">${counting.map(findingItem)}</ul>
${others.length === 0 ? "" : markup`<details${counting.length === 0 ? markup` open` : ""}><summary>${count(others.length, "note")} and accepted findings</summary><ul class="reasons">${others.map(findingItem)}</ul></details>`}${about}</div></section>`
}

function findingItem(finding: Finding): Markup {
  const where = placeOf(finding)
  return markup`<li><span class="severity ${finding.severity}">${finding.severity === "error" && finding.accepted === null ? icon("fail") : ""} ${finding.severity}</span> <code class="code">${finding.code}</code>${where === "" ? "" : markup` <code class="where">${where}</code>`}
<p class="said">${clip(finding.message, 3000)}</p>${finding.help === null ? "" : markup`<p class="where">${finding.help}</p>`}${finding.accepted === null ? "" : markup`<p class="where"><strong>Accepted:</strong> ${finding.accepted}</p>`}
${finding.statement === null ? "" : block("The statement", clip(finding.statement, LONGEST))}</li>`
}

function locksSection({ revisions }: MigrationPlan): Markup {
  const locks = revisions.flatMap((revision) => revisionLocks(revision).map((lock) => ({ revision, lock })))
  if (locks.length === 0) return nothing
  return markup`<section id="locks"><h2>Locks on tables that are there now <small>held until the revision's end</small></h2><div class="card locks"><table>
<thead><tr><th scope="col">revision</th><th scope="col">table</th><th scope="col" class="number">rows</th><th scope="col" class="number">size</th><th scope="col">lock</th><th scope="col">keeps out</th></tr></thead>
<tbody>${locks.map(({ revision, lock }) => markup`<tr><th scope="row">${revision.revision}</th><td><code>${tableName(lock)}</code></td><td class="number">${rowsOf(lock.facts)}</td><td class="number">${sizeOf(lock.facts)}</td><td${blocksApp(lock.mode) ? markup` class="waits"` : ""}>${modeName(lock.mode)}</td><td>${keepsOut(lock.mode)}</td></tr>`)}</tbody></table>
<p class="note">≈: the planner's estimate, where counting would have read a large table.</p></div></section>`
}

function revisionsSection({ revisions }: MigrationPlan): Markup {
  if (revisions.length === 0) return nothing
  return markup`<section id="revisions"><h2>Revisions, in order</h2>${revisions.map(revisionCard)}</section>`
}

function revisionCard(revision: PlannedRevision): Markup {
  const { statements, notPrinted } = revision
  return markup`<article class="card"><h3>${revision.revision} <small>${revision.message}</small></h3>
<p class="where"><code>${revision.file}</code> · ${count(statements.length, "statement")}${revision.contract ? " · contract phase" : ""}</p>
${notPrinted.length === 0 ? "" : markup`<p class="disagree"><strong>Not everything is shown.</strong> Alembic also sent these on the empty copy; with rows there may be more.</p>${block("Statements that are not printed", clip(notPrinted.join("\n\n"), LONGEST), true)}`}
${statements.map(statementPart)}</article>`
}

function statementPart(statement: PlannedStatement): Markup {
  const locks = statement.locks.map(lockWords)
  if (statement.locksUnknown) locks.push("its locks could not be seen")
  return markup`<div class="statement"><pre tabindex="0">${clip(statement.text, LONGEST)}</pre>${locks.length === 0 ? "" : markup`<ul>${locks.map((words) => markup`<li class="where">${words}</li>`)}</ul>`}</div>`
}

function lockWords(lock: PlannedLock): string {
  const size = [rowsOf(lock.facts), sizeOf(lock.facts)].filter((part) => part !== "").join(", ")
  return `${modeName(lock.mode)} on ${tableName(lock)} (${size})${lock.evidence === "documented" ? ", by Postgres's documentation" : ""}`
}
