import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  block,
  icon,
  markup,
  newReport,
  nothing,
  page,
  tile,
  verdict
} from "./shared.core.presentation.html-markup.mjs";
import {
  blocksApp,
  counted,
  estimateWords,
  keepsOut,
  modeName,
  placeOf,
  revisionLocks,
  rowsOf,
  screenOf,
  sizeOf,
  tableName2 as tableName,
  verdictLine,
  way
} from "./shared.core.database.alembic.alembic-account.mjs";
import {
  clip
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/plan/html.ts
var LONGEST = 2e4;
function html(plan) {
  const line = verdictLine(plan);
  const about = [
    ["environment", markup`${plan.environment}`],
    ["database", markup`<code>${plan.database.name}</code>, Postgres ${plan.database.serverVersion}`],
    ["way", markup`${way(plan)}`],
    ["plan", markup`<code>${plan.digest === null ? "none" : shortDigest(plan.digest)}</code>`],
    ["source", markup`<code>${shortDigest(plan.source)}</code>`],
    ["time", markup`${estimateWords(plan)}`],
    ["made", markup`${moment(plan.madeAt)}`]
  ];
  return page({
    title: `${line} \xB7 ${plan.app}`,
    header: verdict({ line, passed: plan.verdict.kind !== "red", about }),
    main: markup`${figures(plan)}${findingsSection(plan)}${locksSection(plan)}${revisionsSection(plan)}`,
    footer: markup`Tollgate ${plan.tollgateVersion}. Nothing was changed: the revisions ran on an empty copy of the schema (Postgres ${plan.database.copyVersion ?? "\u2013"}), where each statement's locks and changes were read from the catalog. All of it is in plan.json.`,
    style
  });
}
__name(html, "html");
var style = `
.severity{font-weight:600;white-space:nowrap}.severity.error{color:var(--fail)}.severity.warning{color:var(--skip)}.severity.note{color:var(--soft)}
#findings .card>.reasons>li:first-child{border-top:0;padding-top:0}.locks{overflow-x:auto}.locks td,.locks tbody th{vertical-align:top}.statement{margin-top:14px}.statement ul{margin-top:6px;font-size:14px}.waits{color:var(--fail);font-weight:600}
`;
function figures(plan) {
  const statements = plan.revisions.reduce((sum, revision) => sum + revision.statements.length, 0);
  const errors = counted(plan.findings, "error");
  const incomplete = plan.sqlIsComplete === false;
  return markup`<dl class="figures">${tile("revisions", String(plan.revisions.length), false)}${tile("statements", `${statements}${incomplete ? "+" : ""}`, incomplete, incomplete ? "more run than are shown" : "")}
${tile("errors", String(errors), errors > 0)}${tile("warnings", String(counted(plan.findings, "warning")), false)}${tile("notes", String(counted(plan.findings, "note")), false)}</dl>`;
}
__name(figures, "figures");
function findingsSection({ findings, running }) {
  const about = running.kind === "known" ? nothing : markup`<p class="note">What the running version uses is not known: ${running.why}.</p>`;
  if (findings.length === 0)
    return markup`<section id="findings"><h2>Findings</h2><div class="card"><p>No rule found anything.</p>${about}</div></section>`;
  const counting = findings.filter(({ severity, accepted }) => severity !== "note" && accepted === null);
  const others = findings.filter((finding2) => !counting.includes(finding2));
  return markup`<section id="findings"><h2>Findings</h2><div class="card"><ul class="reasons">${counting.map(findingItem)}</ul>
${others.length === 0 ? "" : markup`<details${counting.length === 0 ? markup` open` : ""}><summary>${count(others.length, "note")} and accepted findings</summary><ul class="reasons">${others.map(findingItem)}</ul></details>`}${about}</div></section>`;
}
__name(findingsSection, "findingsSection");
function findingItem(finding2) {
  const where = placeOf(finding2);
  return markup`<li><span class="severity ${finding2.severity}">${finding2.severity === "error" && finding2.accepted === null ? icon("fail") : ""} ${finding2.severity}</span> <code class="code">${finding2.code}</code>${where === "" ? "" : markup` <code class="where">${where}</code>`}
<p class="said">${clip(finding2.message, 3e3)}</p>${finding2.help === null ? "" : markup`<p class="where">${finding2.help}</p>`}${finding2.accepted === null ? "" : markup`<p class="where"><strong>Accepted:</strong> ${finding2.accepted}</p>`}
${finding2.statement === null ? "" : block("The statement", clip(finding2.statement, LONGEST))}</li>`;
}
__name(findingItem, "findingItem");
function locksSection({ revisions }) {
  const locks = revisions.flatMap((revision) => revisionLocks(revision).map((lock2) => ({ revision, lock: lock2 })));
  if (locks.length === 0) return nothing;
  return markup`<section id="locks"><h2>Locks on tables that are there now <small>held until the revision's end</small></h2><div class="card locks"><table>
<thead><tr><th scope="col">revision</th><th scope="col">table</th><th scope="col" class="number">rows</th><th scope="col" class="number">size</th><th scope="col">lock</th><th scope="col">keeps out</th></tr></thead>
<tbody>${locks.map(({ revision, lock: lock2 }) => markup`<tr><th scope="row">${revision.revision}</th><td><code>${tableName(lock2)}</code></td><td class="number">${rowsOf(lock2.facts)}</td><td class="number">${sizeOf(lock2.facts)}</td><td${blocksApp(lock2.mode) ? markup` class="waits"` : ""}>${modeName(lock2.mode)}</td><td>${keepsOut(lock2.mode)}</td></tr>`)}</tbody></table>
<p class="note">≈: the planner's estimate, where counting would have read a large table.</p></div></section>`;
}
__name(locksSection, "locksSection");
function revisionsSection({ revisions }) {
  if (revisions.length === 0) return nothing;
  return markup`<section id="revisions"><h2>Revisions, in order</h2>${revisions.map(revisionCard)}</section>`;
}
__name(revisionsSection, "revisionsSection");
function revisionCard(revision) {
  const { statements, notPrinted } = revision;
  return markup`<article class="card"><h3>${revision.revision} <small>${revision.message}</small></h3>
<p class="where"><code>${revision.file}</code> · ${count(statements.length, "statement")}${revision.contract ? " \xB7 contract phase" : ""}</p>
${notPrinted.length === 0 ? "" : markup`<p class="disagree"><strong>Not everything is shown.</strong> Alembic also sent these on the empty copy; with rows there may be more.</p>${block("Statements that are not printed", clip(notPrinted.join("\n\n"), LONGEST), true)}`}
${statements.map(statementPart)}</article>`;
}
__name(revisionCard, "revisionCard");
function statementPart(statement) {
  const locks = statement.locks.map(lockWords);
  if (statement.locksUnknown) locks.push("its locks could not be seen");
  return markup`<div class="statement"><pre tabindex="0">${clip(statement.text, LONGEST)}</pre>${locks.length === 0 ? "" : markup`<ul>${locks.map((words) => markup`<li class="where">${words}</li>`)}</ul>`}</div>`;
}
__name(statementPart, "statementPart");
function lockWords(lock2) {
  const size = [rowsOf(lock2.facts), sizeOf(lock2.facts)].filter((part) => part !== "").join(", ");
  return `${modeName(lock2.mode)} on ${tableName(lock2)} (${size})${lock2.evidence === "documented" ? ", by Postgres's documentation" : ""}`;
}
__name(lockWords, "lockWords");

// core/database/plan/plan-file.ts
var lock = external_exports.object({
  schema: external_exports.string(),
  table: external_exports.string(),
  mode: external_exports.string().describe("As pg_locks names it, such as AccessExclusiveLock."),
  evidence: external_exports.enum(["observed", "documented"]).describe(
    "observed: seen in pg_locks on an empty copy. documented: by Postgres's documentation, where nothing could be seen."
  ),
  rows: external_exports.number().nullable().describe("null: the table is made by this very plan."),
  exact: external_exports.boolean().nullable().describe("false: the planner's estimate."),
  bytes: external_exports.number().nullable().describe("With indexes and what is stored out of line.")
});
var change = external_exports.object({
  kind: external_exports.string(),
  schema: external_exports.string(),
  table: external_exports.string(),
  column: external_exports.string().nullable(),
  from: external_exports.string().nullable(),
  to: external_exports.string().nullable()
});
var finding = external_exports.object({
  code: external_exports.string().describe("Stable, for scripts; Squawk's begin with squawk/."),
  severity: external_exports.enum(["error", "warning", "note"]),
  revision: external_exports.string().nullable(),
  file: external_exports.string().nullable().describe("Relative to the app's folder."),
  line: external_exports.number().int().nullable(),
  statement: external_exports.string().nullable(),
  message: external_exports.string(),
  help: external_exports.string().nullable(),
  accepted: external_exports.string().nullable().describe("The reason by which tollgate.yaml accepts it: it does not count then.")
});
var planDocument = external_exports.object({
  format: external_exports.literal(1),
  tollgate: external_exports.string().describe("Version of Tollgate."),
  app: external_exports.string(),
  source: external_exports.string().describe("Digest of the app's files."),
  environment: external_exports.string(),
  madeAt: external_exports.string().describe("ISO 8601."),
  database: external_exports.object({
    name: external_exports.string(),
    serverVersion: external_exports.string(),
    copyVersion: external_exports.string().nullable().describe("Postgres of the empty copy that the locks were seen on; null: there was none.")
  }),
  current: external_exports.array(external_exports.string()).describe("Revisions that the database is at; empty: none was ever applied."),
  heads: external_exports.array(external_exports.string()),
  digest: external_exports.string().nullable().describe("Of the revisions' files and the SQL: what an approval is bound to."),
  verdict: external_exports.enum(["nothing-to-do", "ready", "red"]),
  verdictInWords: external_exports.string(),
  sqlIsComplete: external_exports.boolean().nullable().describe("false: alembic sends more than it prints. null: nothing was run."),
  estimate: external_exports.object({ at: external_exports.string(), what: external_exports.enum(["rehearsal", "migration"]), seconds: external_exports.number() }).nullable().describe(
    "What these very revisions took before, on the restored backup or here; null: nothing of the kind is on record."
  ),
  runningVersion: external_exports.object({ known: external_exports.boolean(), why: external_exports.string().nullable() }).describe("Whether it was known what the running version uses."),
  revisions: external_exports.array(
    external_exports.object({
      revision: external_exports.string(),
      down: external_exports.array(external_exports.string()),
      message: external_exports.string(),
      file: external_exports.string(),
      sha256: external_exports.string(),
      contract: external_exports.boolean().describe("Marked in database.contract."),
      held: external_exports.array(lock).nullable().describe("Locks at its end when alembic ran it on the copy; null: it did not get that far."),
      notPrinted: external_exports.array(external_exports.string()).describe("Statements that alembic sends and does not print."),
      statements: external_exports.array(
        external_exports.object({
          text: external_exports.string(),
          line: external_exports.number().int().describe("Of plan.sql."),
          sourceLine: external_exports.number().int().nullable().describe("Of the revision's file."),
          locks: external_exports.array(lock),
          locksUnknown: external_exports.boolean(),
          changes: external_exports.array(change).describe("What the catalog of the copy had otherwise after it.")
        })
      )
    })
  ),
  findings: external_exports.array(finding)
});
function planFile(plan) {
  const document = {
    format: 1,
    tollgate: plan.tollgateVersion,
    app: plan.app,
    source: plan.source,
    environment: plan.environment,
    madeAt: plan.madeAt,
    database: plan.database,
    current: plan.current,
    heads: plan.heads,
    digest: plan.digest,
    estimate: plan.estimate,
    verdict: plan.verdict.kind,
    verdictInWords: verdictLine(plan),
    sqlIsComplete: plan.sqlIsComplete,
    runningVersion: {
      known: plan.running.kind === "known",
      why: plan.running.kind === "known" ? null : plan.running.why
    },
    revisions: plan.revisions.map(({ held, statements, ...rest }) => ({
      ...rest,
      held: held?.map(lockEntry) ?? null,
      statements: statements.map(({ locks, ...statement }) => ({ ...statement, locks: locks.map(lockEntry) }))
    })),
    findings: plan.findings.map((one) => one)
  };
  return `${JSON.stringify(document, null, 2)}
`;
}
__name(planFile, "planFile");
function lockEntry({ schema, table, mode, evidence, facts }) {
  return {
    schema,
    table,
    mode,
    evidence,
    rows: facts?.rows ?? null,
    exact: facts?.exact ?? null,
    bytes: facts?.bytes ?? null
  };
}
__name(lockEntry, "lockEntry");

// core/database/plan/sarif.ts
var LEVEL = { error: "error", warning: "warning", note: "note" };
function sarif(plan) {
  const codes = [...new Set(plan.findings.map(({ code }) => code))].sort();
  const log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "Tollgate migration-plan",
            version: plan.tollgateVersion,
            rules: codes.map((id) => ({ id }))
          }
        },
        results: plan.findings.map((finding2) => result(finding2, codes, plan.app))
      }
    ]
  };
  return `${JSON.stringify(log, null, 2)}
`;
}
__name(sarif, "sarif");
function result(finding2, codes, app) {
  return {
    ruleId: finding2.code,
    ruleIndex: codes.indexOf(finding2.code),
    level: LEVEL[finding2.severity],
    message: { text: finding2.help === null ? finding2.message : `${finding2.message} ${finding2.help}` },
    ...finding2.file === null ? {} : { locations: [location(finding2.file, finding2.line, app)] },
    ...finding2.accepted === null ? {} : { suppressions: [{ kind: "external", justification: finding2.accepted }] }
  };
}
__name(result, "result");
function location(file, line, app) {
  const path = app === "." ? file : `${app}/${file}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
      ...line === null ? {} : { region: { startLine: line } }
    }
  };
}
__name(location, "location");

// core/database/plan/report-folder.ts
function lintReport(plan) {
  const folder = newReport().withNewFile("report.html", html(plan)).withNewFile("findings.sarif", sarif(plan));
  return plan.script === null ? folder : folder.withNewFile("plan.sql", plan.script);
}
__name(lintReport, "lintReport");
function planReport(plan) {
  const folder = newReport().withNewFile("report.html", html(plan)).withNewFile("plan.json", planFile(plan)).withNewFile("findings.sarif", sarif(plan)).withNewFile("summary.txt", screenOf(plan, { report: "report.html" }));
  return plan.script === null ? folder : folder.withNewFile("plan.sql", plan.script);
}
__name(planReport, "planReport");

export {
  lintReport,
  planReport
};
