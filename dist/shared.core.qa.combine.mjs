import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  chosenNames
} from "./shared.core.config.chosen-names.mjs";
import {
  withServices,
  withSettings
} from "./shared.core.qa.services.mjs";
import {
  readSecrets
} from "./shared.core.secrets.dotenv.mjs";
import {
  APP,
  TOOLS,
  appEnvironment,
  countTests,
  disagreementOf,
  judgeSuite,
  testsOf
} from "./shared.core.qa.environment.mjs";
import {
  step
} from "./shared.core.progress.mjs";
import {
  appFolder,
  readSettings
} from "./shared.core.config.app.mjs";
import {
  namingNoSpace
} from "./shared.core.exec-error.mjs";
import {
  version
} from "./shared.core.version.mjs";
import {
  external_exports
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/run.ts
import { createHash } from "node:crypto";

// core/qa/combine.ts
import { dag, ReturnType } from "../sdk/index.ts";

// core/qa/coverage.ts
var coverageReport = external_exports.object({
  totals: external_exports.object({ percent_covered: external_exports.number(), covered_lines: external_exports.number() }),
  files: external_exports.record(
    external_exports.string(),
    external_exports.object({
      summary: external_exports.object({ num_statements: external_exports.number(), covered_lines: external_exports.number(), percent_covered: external_exports.number() }),
      missing_lines: external_exports.array(external_exports.number())
    })
  )
});
function measuringConfiguration(settings, app, data) {
  return configuration(settings, [
    // a process may work in another folder, and names relative to that one would be another file's
    "relative_files = false",
    `source =${list(settings.source.map((folder) => absolute(app, folder)))}`,
    `data_file = ${data}`,
    // a server that a test ends with SIGTERM has run the app's code as well
    "sigterm = true"
  ]);
}
__name(measuringConfiguration, "measuringConfiguration");
function reportingConfiguration(settings, app) {
  const folders = settings.source.filter((folder) => folder !== ".");
  return [
    configuration(settings, ["relative_files = true"]).trimEnd(),
    // a runner that measured more, its own tests for example, has left that in the data too
    ...folders.length === settings.source.length ? [`include =${list(folders.map((folder) => `${folder}/*`))}`] : [],
    // a file that was generated for a suite alone has no source here
    "ignore_errors = true",
    "[paths]",
    ...folders.map((folder, index) => `source${index} =${list([folder, absolute(app, folder)])}`),
    ""
  ].join("\n");
}
__name(reportingConfiguration, "reportingConfiguration");
var list = /* @__PURE__ */ __name((values) => values.map((value) => `
    ${value}`).join(""), "list");
function absolute(app, folder) {
  return folder === "." ? app : `${app}/${folder}`;
}
__name(absolute, "absolute");
function configuration(settings, run) {
  return [
    "[run]",
    ...run,
    `branch = ${settings.branch}`,
    `concurrency =${list(settings.concurrency)}`,
    ...settings.omit.length > 0 ? [`omit =${list(settings.omit)}`] : [],
    "parallel = true",
    "disable_warnings = no-data-collected, module-not-imported, module-not-measured",
    "[report]",
    `exclude_lines =${list(["pragma: no cover", ...settings.exclude])}`,
    "include_namespace_packages = true",
    ""
  ].join("\n");
}
__name(configuration, "configuration");
function nothingMeasured(said) {
  const words = [...new Set(said)];
  return `no process of any suite left coverage data${words.length === 0 ? "" : `. coverage.py: ${words.join("; ")}. qa.coverage of tollgate.yaml has its settings`}`;
}
__name(nothingMeasured, "nothingMeasured");
function judgeCoverage(settings, report, complete) {
  if (settings === null) return { kind: "not-asked" };
  const { threshold } = settings;
  if (report.kind === "none") return { kind: "missing", threshold, why: report.why };
  const parsed = coverageReport.parse(JSON.parse(report.text));
  if (parsed.totals.covered_lines === 0)
    return { kind: "missing", threshold, why: `no line of ${settings.source.join(", ")} was measured in any process` };
  const percent = parsed.totals.percent_covered;
  const files = Object.entries(parsed.files).map(([file, { summary, missing_lines }]) => ({
    file,
    statements: summary.num_statements,
    covered: summary.covered_lines,
    percent: summary.percent_covered,
    missingLines: missing_lines
  }));
  if (!complete) return { kind: "partial", percent, threshold, files };
  return { kind: percent >= threshold ? "proven" : "below", percent, threshold, files };
}
__name(judgeCoverage, "judgeCoverage");

// core/qa/combine.ts
var DATA = "/tollgate/coverage";
var SETTINGS = `${TOOLS}/coverage.ini`;
function combineCoverage(qa, environment, source, runs) {
  if (qa.coverage === null) return null;
  const coverage = `${qa.interpreter} -m coverage`;
  const measured = runs.filter((run) => (run.evidence?.coverageFiles.length ?? 0) > 0);
  if (measured.length === 0) return null;
  let data = dag.directory();
  for (const run of measured) data = data.withDirectory(run.suite, run.files.directory("coverage"));
  return environment.withDirectory(APP, source).withNewFile(SETTINGS, reportingConfiguration(qa.coverage, APP)).withEnvVariable("COVERAGE_RCFILE", SETTINGS).withEnvVariable("COVERAGE_FILE", `${DATA}/combined`).withDirectory(`${DATA}/suites`, data).withExec(["sh", "-c", `${coverage} combine -q --keep ${DATA}/suites/*/* && ${coverage} json -q -o ${DATA}/coverage.json`], {
    expect: ReturnType.Any
  });
}
__name(combineCoverage, "combineCoverage");
async function coverageReport2(combined, runs) {
  if (combined === null) return { kind: "none", why: nothingMeasured(runs.flatMap(({ evidence }) => evidence?.coverageErrors ?? [])) };
  if (await combined.exitCode() === 0) return { kind: "json", text: await combined.file(`${DATA}/coverage.json`).contents() };
  const said = `${await combined.stdout()}
${await combined.stderr()}`.trim().split("\n").at(-1);
  return { kind: "none", why: `coverage.py could not combine what the suites left: ${said}` };
}
__name(coverageReport2, "coverageReport");
function coverageReports(combined, interpreter) {
  const coverage = `${interpreter} -m coverage`;
  const write = `mkdir ${DATA}/out; ${coverage} xml -q -o ${DATA}/out/coverage.xml; ${coverage} html -q -d ${DATA}/out/coverage`;
  return combined.withExec(["sh", "-c", write], { expect: ReturnType.Any }).directory(`${DATA}/out`);
}
__name(coverageReports, "coverageReports");

// core/qa/listed-files.ts
var TEST_FILES = ["test_*.py", "*_test.py"];
var NOT_THE_APPS = /(^|\/)(\.[^/]+|node_modules|site-packages|dist-packages|venv|__pycache__|build|dist)\//;
async function listedFiles(entries, source) {
  const found = await Promise.all(entries.map((entry) => filesOf(entry, source)));
  return {
    files: [...new Set(found.flat())],
    unmatched: entries.filter((_, index) => found[index]?.length === 0)
  };
}
__name(listedFiles, "listedFiles");
async function filesOf(entry, source) {
  if (isPattern(entry)) return (await source.glob(entry)).filter((path) => path.endsWith(".py")).sort();
  return entry.endsWith(".py") ? [entry] : testFilesBelow(entry, source);
}
__name(filesOf, "filesOf");
async function testFilesBelow(folder, source) {
  const below = folder === "." ? "" : `${folder}/`;
  const found = await Promise.all(TEST_FILES.map((name) => source.glob(`${below}**/${name}`)));
  return [...new Set(found.flat())].filter((path) => !NOT_THE_APPS.test(path)).sort();
}
__name(testFilesBelow, "testFilesBelow");
async function filesOfNoSuite(listed, source) {
  const all = await testFilesBelow(".", source);
  const known = new Set(listed);
  return all.filter((file) => !known.has(file));
}
__name(filesOfNoSuite, "filesOfNoSuite");
function isPattern(entry) {
  return /[*?[]/.test(entry);
}
__name(isPattern, "isPattern");

// core/qa/suite.ts
import { dag as dag2, ReturnType as ReturnType2 } from "../sdk/index.ts";

// core/qa/evidence.ts
var outcome = external_exports.enum(["passed", "failed", "skipped", "xfailed", "xpassed"]);
var phase = external_exports.object({ outcome: external_exports.enum(["passed", "failed", "skipped"]), seconds: external_exports.number() });
var problem = external_exports.object({
  /** First line a person should read: the exception's message. */
  message: external_exports.string(),
  /** Where it happened, relative to the app's folder, when pytest knew. */
  file: external_exports.string().nullable(),
  line: external_exports.number().int().nullable(),
  traceback: external_exports.string()
});
var testRecord = external_exports.object({
  id: external_exports.string(),
  file: external_exports.string(),
  line: external_exports.number().int().nullable(),
  outcome,
  seconds: external_exports.number(),
  phases: external_exports.object({ setup: phase.optional(), call: phase.optional(), teardown: phase.optional() }),
  /** Failures by phase: a passed test whose teardown fails has one here. */
  problems: external_exports.array(problem.extend({ phase: external_exports.enum(["setup", "call", "teardown"]) })),
  skipReason: external_exports.string().nullable(),
  /** What the test printed and logged; kept only when it did not pass. */
  output: external_exports.string(),
  reruns: external_exports.number().int()
});
var processRecord = external_exports.object({
  pid: external_exports.number().int(),
  role: external_exports.enum(["main", "worker"]),
  arguments: external_exports.array(external_exports.string()),
  /** Where the session started, relative to the app's folder; absolute when outside of it. */
  folder: external_exports.string(),
  python: external_exports.string(),
  pytest: external_exports.string(),
  startedAt: external_exports.string(),
  /** Files whose import began; one that is not in `modules` ended the process or failed. */
  imported: external_exports.array(external_exports.string()),
  /** Files that pytest collected, with the number of tests found before anything removed one. */
  modules: external_exports.array(external_exports.object({ file: external_exports.string(), tests: external_exports.number().int() })),
  collectionErrors: external_exports.array(problem.extend({ file: external_exports.string() })),
  skippedModules: external_exports.array(external_exports.object({ file: external_exports.string(), reason: external_exports.string() })),
  /** Tests taken out by -k, -m, --deselect and the like: pytest said so. */
  deselected: external_exports.array(external_exports.string()),
  /** Tests that a hook took out of the collection without saying so. */
  removed: external_exports.array(external_exports.string()),
  /** Tests and classes in a collected file that the runner's arguments left out (file.py::test_one). */
  narrowed: external_exports.array(external_exports.string()),
  /** Tests that were about to run when collection was over. */
  selected: external_exports.array(external_exports.string()),
  tests: external_exports.array(testRecord),
  /** The test that had begun and not ended when the record stops. */
  running: external_exports.string().nullable(),
  internalErrors: external_exports.array(problem),
  /** Exceptions that ended a thread or a task and that no one handled, and coroutines that were never awaited. */
  unhandled: external_exports.array(problem.extend({ kind: external_exports.enum(["thread", "task", "coroutine"]), who: external_exports.string(), test: external_exports.string().nullable() })),
  /** pytest's own exit status as it was before any hook could rewrite it; null: the session never finished. */
  exitStatus: external_exports.number().int().nullable(),
  /** Why pytest stopped early, when it did (-x, --maxfail, a session.shouldstop). */
  stoppedBecause: external_exports.string().nullable(),
  /** The process reached the end of its pytest session. A killed one, or one left by os._exit, did not. */
  closed: external_exports.boolean()
});
var runnerEnd = external_exports.discriminatedUnion("kind", [
  external_exports.object({ kind: external_exports.literal("exited"), code: external_exports.number().int() }),
  external_exports.object({ kind: external_exports.literal("signalled"), signal: external_exports.string() }),
  external_exports.object({ kind: external_exports.literal("timed-out"), seconds: external_exports.number() }),
  external_exports.object({ kind: external_exports.literal("not-started"), why: external_exports.string() })
]);
var suiteEvidence = external_exports.object({
  format: external_exports.literal(1),
  suite: external_exports.string(),
  command: external_exports.array(external_exports.string()),
  startedAt: external_exports.string(),
  seconds: external_exports.number(),
  runner: runnerEnd,
  /** Listed files that were not in the source when the suite began. */
  missingFiles: external_exports.array(external_exports.string()),
  /** A command of `qa.before` that failed; the runner was not started then. */
  failedBefore: external_exports.object({ command: external_exports.string(), code: external_exports.number().int() }).nullable(),
  processes: external_exports.array(processRecord),
  /** Names of the coverage data files that the suite's processes left. */
  coverageFiles: external_exports.array(external_exports.string()),
  /** What coverage.py said in processes that it did not measure. */
  coverageErrors: external_exports.array(external_exports.string()).default([]),
  /** The last lines the runner printed. */
  outputTail: external_exports.string()
});

// core/qa/suite-command.ts
function commandOf(name, { command }, files, qa) {
  if (command !== null) return ["sh", "-c", filled(command, name, files)];
  if (qa.runner !== null) return [qa.interpreter, qa.runner, qa.suiteFlag, name, ...qa.arguments];
  return [qa.interpreter, "-m", "pytest", ...qa.arguments, ...files];
}
__name(commandOf, "commandOf");
function filled(command, suite, files) {
  return command.replace(/(?<!\$)\{(suite|files)\}/g, (_, what) => what === "suite" ? suite : files.map(quoted).join(" "));
}
__name(filled, "filled");
function quoted(path) {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
__name(quoted, "quoted");

// core/qa/suite.ts
var OUT = "/tollgate/evidence";
var SPECIFICATION = `${TOOLS}/suite.json`;
var COVERAGE_SETTINGS = `${TOOLS}/coverage.ini`;
async function runSuite(name, context) {
  const listed = await listedFiles(suiteOf(name, context.qa).files, context.source);
  const ran = await inContainer(name, listed.files, context);
  return { suite: name, listed, ...ran };
}
__name(runSuite, "runSuite");
async function inContainer(name, listed, context) {
  const finished = suiteContainer(name, listed, context).withExec(
    [context.qa.interpreter, `${TOOLS}/tollgate_suite.py`, SPECIFICATION, OUT],
    { expect: ReturnType2.Any }
  );
  const files = finished.directory(OUT);
  const code = await finished.exitCode();
  if (code !== 0) return { evidence: null, lost: `its container ended with ${code}`, files };
  const parsed = suiteEvidence.safeParse(JSON.parse(await files.file("evidence.json").contents()));
  if (parsed.success) return { evidence: parsed.data, lost: null, files };
  const [issue] = parsed.error.issues;
  return { evidence: null, lost: `its evidence cannot be read: ${issue?.path.join(".")}: ${issue?.message}`, files };
}
__name(inContainer, "inContainer");
function suiteOf(name, qa) {
  const suite = qa.suites[name];
  if (suite === void 0) throw new RangeError(`no suite ${name}`);
  return suite;
}
__name(suiteOf, "suiteOf");
function suiteContainer(name, listed, context) {
  const { qa, environment, source, secrets, identity, run } = context;
  const suite = suiteOf(name, qa);
  const specification = {
    suite: name,
    files: listed,
    runner: suite.command === null ? qa.runner : null,
    command: commandOf(name, suite, listed, qa),
    timeout: suite.timeout,
    before: qa.before,
    artifacts: qa.artifacts,
    coverageSettings: qa.coverage === null ? null : COVERAGE_SETTINGS
  };
  let container = environment.withDirectory(APP, source).withNewFile(SPECIFICATION, JSON.stringify(specification));
  if (qa.coverage !== null) container = container.withNewFile(COVERAGE_SETTINGS, measuringConfiguration(qa.coverage, APP, `${OUT}/coverage/data`));
  container = withServices(container, qa.services, `${name} ${identity} ${run}`);
  container = withSettings(container, suite.env, qa.services);
  for (const [variable, value] of secrets) container = container.withSecretVariable(variable, value);
  return container.withEnvVariable("TOLLGATE_SECRETS", [...secrets.keys()].join(",")).withEnvVariable("TOLLGATE_RUN", run).withDirectory(OUT, dag2.directory());
}
__name(suiteContainer, "suiteContainer");

// core/qa/run.ts
async function runQa(request) {
  const { settings, source } = request;
  const { app, qa } = settings;
  const names = chosenNames("suite", Object.keys(qa.suites), request.suites);
  const notRun = Object.keys(qa.suites).filter((name) => !names.includes(name));
  const began = Date.now();
  const [digest, environment] = await Promise.all([
    source.digest(),
    step("install dependencies", () => appEnvironment(app, qa, source))
  ]);
  const identity = createHash("sha256").update(digest).update(JSON.stringify({ app, qa })).digest("hex");
  const context = { qa, environment, source, secrets: request.secrets, identity, run: request.run };
  const judged = /* @__PURE__ */ __name((run) => judge(settings, run, began), "judged");
  const runs = await Promise.all(
    names.map((name) => step(`suite ${name}`, () => runSuite(name, context), (run) => outline(judged(run))))
  );
  const suites = runs.map(judged);
  const unlisted = await withoutSuite(settings, runs, source);
  const combined = combineCoverage(qa, environment, source, runs);
  const coverage = judgeCoverage(qa.coverage, await step("combine coverage", () => coverageReport2(combined, runs)), notRun.length === 0);
  const times = suites.filter((suite) => !suite.cached).flatMap(({ evidence }) => evidence === null ? [] : [evidence]);
  const starts = times.map((evidence) => Date.parse(evidence.startedAt));
  const ends = times.map((evidence) => Date.parse(evidence.startedAt) + evidence.seconds * 1e3);
  return {
    runs,
    coverage: combined,
    settings,
    result: {
      app: app.path,
      source: digest,
      tollgateVersion: version,
      suites,
      notRun,
      unlisted,
      coverage,
      startedAt: suites.map(({ evidence }) => evidence?.startedAt).filter((at) => at !== void 0).sort()[0] ?? new Date(began).toISOString(),
      seconds: times.length === 0 ? 0 : (Math.max(...ends) - Math.min(...starts)) / 1e3
    }
  };
}
__name(runQa, "runQa");
async function withoutSuite({ qa }, runs, source) {
  const others = Object.entries(qa.suites).filter(([name]) => runs.every((run) => run.suite !== name));
  const listed = await Promise.all(others.map(([, { files }]) => listedFiles(files, source)));
  return filesOfNoSuite([...runs.map((run) => run.listed), ...listed].flatMap(({ files }) => files), source);
}
__name(withoutSuite, "withoutSuite");
function judge(settings, run, began) {
  const suite = settings.qa.suites[run.suite];
  const expected = { suite: run.suite, files: run.listed.files, unmatched: run.listed.unmatched, mayDeselect: suite?.mayDeselect ?? [], mayLeaveUnhandled: suite?.mayLeaveUnhandled ?? [] };
  const verdict = judgeSuite(expected, run.evidence, run.lost);
  const tests = testsOf(run.evidence);
  return {
    suite: run.suite,
    evidence: run.evidence,
    tests,
    counts: countTests(tests),
    seconds: run.evidence?.seconds ?? 0,
    verdict,
    disagreement: disagreementOf(verdict, run.evidence),
    cached: run.evidence !== null && Date.parse(run.evidence.startedAt) < began
  };
}
__name(judge, "judge");
function outline(result) {
  const { tests, failed } = result.counts;
  const verdict = result.verdict.kind === "proven" ? "proven" : "RED";
  return `${verdict}, ${tests} tests${failed > 0 ? `, ${failed} failed` : ""}${result.cached ? " (evidence of an earlier run)" : ""}`;
}
__name(outline, "outline");

// core/qa/prove.ts
async function proveSource(source, request) {
  const settings = await readSettings(source);
  const [app, secrets] = await Promise.all([appFolder(source, settings), readSecrets(request.secrets, settings.qa.secrets, "qa.secrets")]);
  const { suites, run } = request;
  return namingNoSpace("the engine's disk", () => runQa({ settings, source: app, suites, run, secrets }));
}
__name(proveSource, "proveSource");

export {
  coverageReports,
  listedFiles,
  isPattern,
  suiteEvidence,
  proveSource
};
