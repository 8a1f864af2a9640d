import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  namingServices
} from "./shared.core.qa.service-failure.mjs";
import {
  chosenNames
} from "./shared.core.config.chosen-names.mjs";
import {
  withServices,
  withSettings
} from "./shared.core.app.busybox.mjs";
import {
  TOOLS,
  installedApp
} from "./shared.core.qa.environment.mjs";
import {
  APP,
  complaint,
  tellingLine
} from "./shared.core.app.installation-advice.mjs";
import {
  appFolder,
  filledCommand,
  readSettings
} from "./shared.core.config.app.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  readSecrets
} from "./shared.core.secrets.dotenv.mjs";
import {
  namingNoSpace
} from "./shared.core.app.python.caches.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  count,
  percent,
  threshold
} from "./shared.core.shared.figures.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
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
  const { threshold: threshold2 } = settings;
  if (report.kind === "none") return { kind: "missing", threshold: threshold2, why: report.why };
  const parsed = coverageReport.parse(JSON.parse(report.text));
  if (parsed.totals.covered_lines === 0)
    return { kind: "missing", threshold: threshold2, why: `no line of ${settings.source.join(", ")} was measured in any process` };
  const percent2 = parsed.totals.percent_covered;
  const files = Object.entries(parsed.files).map(
    ([file, { summary, missing_lines }]) => ({
      file,
      statements: summary.num_statements,
      covered: summary.covered_lines,
      percent: summary.percent_covered,
      missingLines: missing_lines
    })
  );
  if (!complete) return { kind: "partial", percent: percent2, threshold: threshold2, files };
  return { kind: percent2 >= threshold2 ? "passed" : "below", percent: percent2, threshold: threshold2, files };
}
__name(judgeCoverage, "judgeCoverage");

// core/qa/combine.ts
var DATA = "/tollgate/coverage";
var SETTINGS = `${TOOLS}/coverage.ini`;
function combineCoverage(qa, environment, runs) {
  if (qa.coverage === null) return null;
  const coverage = `${qa.interpreter} -m coverage`;
  const measured = runs.filter((run) => (run.evidence?.coverageFiles.length ?? 0) > 0);
  if (measured.length === 0) return null;
  let data = dag.directory();
  for (const run of measured) data = data.withDirectory(run.suite, run.files.directory("coverage"));
  return environment.withNewFile(SETTINGS, reportingConfiguration(qa.coverage, APP)).withEnvVariable("COVERAGE_RCFILE", SETTINGS).withEnvVariable("COVERAGE_FILE", `${DATA}/combined`).withDirectory(`${DATA}/suites`, data).withExec(
    ["sh", "-c", `${coverage} combine -q --keep ${DATA}/suites/*/* && ${coverage} json -q -o ${DATA}/coverage.json`],
    {
      expect: ReturnType.Any
    }
  );
}
__name(combineCoverage, "combineCoverage");
async function coverageReport2(combined, runs) {
  if (combined === null)
    return { kind: "none", why: nothingMeasured(runs.flatMap(({ evidence }) => evidence?.coverageErrors ?? [])) };
  if (await combined.exitCode() === 0)
    return { kind: "json", text: await combined.file(`${DATA}/coverage.json`).contents() };
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
function coverageLines(combined, interpreter) {
  return combined.withExec(["sh", "-c", `${interpreter} -m coverage lcov -q -o ${DATA}/lcov.info`]).file(`${DATA}/lcov.info`);
}
__name(coverageLines, "coverageLines");

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
import { posix } from "node:path";
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
  reruns: external_exports.number().int(),
  /** What was seen below pytest's hooks; null: pytest made no report of the test in this process. */
  observed: external_exports.object({
    /** Whether the test's own function was entered; null: it has none that is Python's, or it could not be watched. */
    entered: external_exports.boolean().nullable(),
    /** What it returned, other than nothing. */
    returned: external_exports.string().nullable()
  }).nullable()
});
var hook = external_exports.object({ name: external_exports.string(), file: external_exports.string(), line: external_exports.number().int() });
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
  /** Exceptions in a thread, a task or a destructor that no one handled, and coroutines that were never awaited. */
  unhandled: external_exports.array(
    problem.extend({
      kind: external_exports.enum(["thread", "task", "coroutine", "unraisable"]),
      who: external_exports.string(),
      test: external_exports.string().nullable()
    })
  ),
  /** Whether asserts mean something; null: no test was about to run. */
  assertions: external_exports.object({ rewritten: external_exports.boolean(), optimized: external_exports.number().int() }).nullable(),
  /** Tollgate's own tests in this process; null: none ran, as in a controller of pytest-xdist. */
  canaries: external_exports.object({
    ran: external_exports.number().int(),
    lies: external_exports.array(external_exports.object({ what: external_exports.string(), hooks: external_exports.array(hook) })),
    /** Why they could not run. */
    broken: external_exports.string().nullable()
  }).nullable(),
  /** Functions of the recorder that were changed while it ran. */
  changed: external_exports.array(external_exports.string()),
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
  /** Records that no recorder wrote, and lines in one that were not its own. */
  forged: external_exports.array(external_exports.string()),
  /** Names of the coverage data files that the suite's processes left. */
  coverageFiles: external_exports.array(external_exports.string()),
  /** What coverage.py said in processes that it did not measure. */
  coverageErrors: external_exports.array(external_exports.string()).default([]),
  /** The last lines the runner printed. */
  outputTail: external_exports.string()
});

// core/qa/suite-command.ts
function commandOf(name, { command }, files, qa) {
  if (command !== null) return ["sh", "-c", filledCommand(command, name, files)];
  if (qa.runner !== null) return [qa.interpreter, qa.runner, qa.suiteFlag, name, ...qa.arguments];
  return [qa.interpreter, "-m", "pytest", ...qa.arguments, ...files];
}
__name(commandOf, "commandOf");

// core/qa/suite.ts
var OUT = "/tollgate/evidence";
var SPECIFICATION = `${TOOLS}/suite.json`;
var COVERAGE_SETTINGS = `${TOOLS}/coverage.ini`;
async function runSuite(name, context) {
  const listed = context.listed.get(name) ?? { files: [], unmatched: [] };
  const ran = await namingServices("qa.services", context.qa.services, () => inContainer(name, listed.files, context));
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
  const { qa, workdir, environment, secrets, identity, run } = context;
  const suite = suiteOf(name, qa);
  const fromWorkdir = /* @__PURE__ */ __name((path) => posix.relative(workdir, path), "fromWorkdir");
  const specification = {
    suite: name,
    files: listed,
    runner: suite.command === null ? qa.runner : null,
    command: commandOf(name, suite, listed.map(fromWorkdir), {
      ...qa,
      runner: qa.runner === null ? null : fromWorkdir(qa.runner)
    }),
    workdir,
    timeout: suite.timeout,
    before: qa.before,
    artifacts: qa.artifacts,
    coverageSettings: qa.coverage === null ? null : COVERAGE_SETTINGS
  };
  let container = environment.withNewFile(SPECIFICATION, JSON.stringify(specification));
  if (qa.coverage !== null)
    container = container.withNewFile(
      COVERAGE_SETTINGS,
      measuringConfiguration(qa.coverage, APP, `${OUT}/coverage/data`)
    );
  container = withServices(container, qa.services, `${name} ${identity} ${run}`);
  container = withSettings(container, suite.env, qa.services);
  for (const [variable, value] of secrets) container = container.withSecretVariable(variable, value);
  return container.withEnvVariable("TOLLGATE_SECRETS", [...secrets.keys()].join(",")).withEnvVariable("TOLLGATE_RUN", run).withDirectory(OUT, dag2.directory());
}
__name(suiteContainer, "suiteContainer");

// core/qa/pattern.ts
function matchesAny(text, patterns) {
  return patterns.some((pattern) => {
    const source = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")).join(".*");
    return new RegExp(`^${source}$`).test(text);
  });
}
__name(matchesAny, "matchesAny");

// core/qa/reason.ts
function reason(suite, code, message, detail = {}) {
  return { code, suite, file: detail.file ?? null, line: detail.line ?? null, test: detail.test ?? null, message };
}
__name(reason, "reason");
function testDetail(id) {
  return id ? { file: fileOf(id), test: id } : {};
}
__name(testDetail, "testDetail");
function fileOf(id) {
  return id.split("::", 1)[0] ?? id;
}
__name(fileOf, "fileOf");
function byFile(ids) {
  const files = /* @__PURE__ */ new Map();
  for (const id of ids) {
    const file = fileOf(id);
    const known = files.get(file);
    if (known === void 0) files.set(file, [id]);
    else known.push(id);
  }
  return files;
}
__name(byFile, "byFile");
function tests(count2) {
  return count2 === 1 ? "1 test" : `${count2} tests`;
}
__name(tests, "tests");
function some(ids) {
  const names = ids.slice(0, 3).map((id) => id.split("::").slice(1).join("::"));
  return ids.length > 3 ? `${names.join(", ")} and ${ids.length - 3} more` : names.join(", ");
}
__name(some, "some");
function allow(suite, key, ids) {
  return `qa.suites.${suite}.${key}: ${JSON.stringify(ids).replaceAll('","', '", "')}`;
}
__name(allow, "allow");

// core/qa/honesty.ts
function untrustworthy(say, process) {
  return [...assertionsOff(say, process), ...failedCanaries(say, process), ...changedRecorder(say, process)];
}
__name(untrustworthy, "untrustworthy");
function assertionsOff(say, { assertions }) {
  if (assertions === null) return [];
  const reasons = [];
  if (assertions.optimized > 0)
    reasons.push(
      say(
        "assertions-off",
        "Python ran with -O or PYTHONOPTIMIZE, which removes every assert outside of the test files. Run the suite without it"
      )
    );
  if (!assertions.rewritten)
    reasons.push(
      say(
        "assertions-off",
        "pytest ran without its assertion rewriting (--assert=plain or -p no:assertion), so that Python's options decide whether an assert is executed. Remove that option"
      )
    );
  return reasons;
}
__name(assertionsOff, "assertionsOff");
function failedCanaries(say, process) {
  const { canaries, tests: tests2 } = process;
  if (canaries === null)
    return tests2.some(({ observed }) => observed !== null) ? [
      say(
        "canary-failed",
        `Tollgate's own tests did not run in the pytest process ${process.pid}: a hook prevented it`
      )
    ] : [];
  if (canaries.broken !== null)
    return [
      say(
        "canary-failed",
        `Tollgate's own tests could not run with pytest ${process.pytest}: ${canaries.broken}. Try another version of pytest, and report this`
      )
    ];
  return canaries.lies.map(({ what, hooks }) => {
    const [first] = hooks;
    const places = hooks.map(({ name, file, line }) => `${name} (${file}:${line})`).join(", ");
    const by = first === void 0 ? "No hook of the app does this: pytest itself was changed" : `By ${places}`;
    return say(
      "canary-failed",
      `a ${what}: pytest's reports of the app's tests cannot be believed. ${by}`,
      first === void 0 ? {} : { file: first.file, line: first.line }
    );
  });
}
__name(failedCanaries, "failedCanaries");
function changedRecorder(say, { changed }) {
  return changed.length === 0 ? [] : [
    say(
      "recorder-changed",
      `the app changed functions of Tollgate's recorder while the suite ran: ${changed.join(", ")}`
    )
  ];
}
__name(changedRecorder, "changedRecorder");
function neverRan(say, evidence, reported) {
  const observed = new Set(
    evidence.processes.flatMap(({ tests: tests2 }) => tests2.filter((test) => test.observed !== null).map(({ id }) => id))
  );
  return reported.filter(({ id, outcome: outcome2 }) => (outcome2 === "passed" || outcome2 === "xpassed") && !observed.has(id)).map(
    ({ id, line }) => say("not-run", "reported as passed, but pytest never ran it: a hook of the app reported it by itself", {
      ...testDetail(id),
      line
    })
  );
}
__name(neverRan, "neverRan");
function returnedValues(say, expected, process) {
  return process.tests.flatMap(({ id, line, observed, outcome: outcome2 }) => {
    const returned = observed?.returned ?? null;
    if (returned === null || outcome2 === "failed" || matchesAny(id, expected.mayReturn)) return [];
    const remedy = `If this is intended, allow it: ${allow(expected.suite, "mayReturn", [id])}`;
    return [
      say("returned-value", `returned ${returned} instead of asserting: no returned value fails a test. ${remedy}`, {
        ...testDetail(id),
        line
      })
    ];
  });
}
__name(returnedValues, "returnedValues");
function unhandled(say, expected, process) {
  const meant = /* @__PURE__ */ __name((test) => test !== null && matchesAny(test, expected.mayLeaveUnhandled), "meant");
  return process.unhandled.filter(({ test }) => !meant(test)).map(({ kind, who, test, message, file, line }) => {
    const [first = ""] = message.split("\n", 1);
    const what = {
      thread: `${first} in the thread ${who}. pytest passes a test whose thread fails`,
      task: `${first} in the asyncio task ${who}, whose result was never read. pytest passes such a test`,
      unraisable: `${first}${who === "" ? "" : ` in ${who}`}, where Python cannot raise it. pytest passes such a test`,
      coroutine: `${first}: an await is missing, and what it would have checked did not run`
    }[kind];
    const remedy = test === null ? "" : `. If this is intended, allow it: ${allow(expected.suite, "mayLeaveUnhandled", [test])}`;
    return say("unhandled-exception", `${what}${remedy}`, {
      ...testDetail(test),
      ...file === null ? {} : { file },
      line
    });
  });
}
__name(unhandled, "unhandled");

// core/qa/not-executed.ts
function expectedFailures(say, expected, reported) {
  const { mayFail, suite } = expected;
  if (mayFail === null) return [];
  return reported.filter(({ id, outcome: outcome2 }) => (outcome2 === "xfailed" || outcome2 === "xpassed") && !matchesAny(id, mayFail)).map(
    ({ id, line, outcome: outcome2, skipReason }) => say(
      "expected-failure",
      `marked as expected to fail${inBrackets(skipReason)}, and it ${outcome2 === "xfailed" ? "failed" : "passed"}. If this is intended, allow it: ${allow(suite, "mayFail", [id])}`,
      { ...testDetail(id), line }
    )
  );
}
__name(expectedFailures, "expectedFailures");
function tooManySkipped(say, expected, evidence, reported) {
  const { maxSkipped, suite } = expected;
  if (maxSkipped === null) return [];
  const modules = new Map(
    evidence.processes.flatMap(({ skippedModules }) => skippedModules).map(({ file, reason: reason2 }) => [file, reason2])
  );
  const skipped = [
    ...reported.filter(({ outcome: outcome2 }) => outcome2 === "skipped").map(({ id, skipReason }) => `${id}${inBrackets(skipReason)}`),
    ...[...modules].map(([file, reason2]) => `${file}${inBrackets(reason2)}`)
  ];
  if (skipped.length <= maxSkipped) return [];
  return [
    say(
      "too-many-skipped",
      `${tests(skipped.length)} skipped, where qa.suites.${suite}.maxSkipped allows ${maxSkipped}: ${skipped.join(", ")}`
    )
  ];
}
__name(tooManySkipped, "tooManySkipped");
function inBrackets(reason2) {
  const text = (reason2 ?? "").replace(/^Skipped: /, "");
  return text === "" ? "" : ` (${text})`;
}
__name(inBrackets, "inBrackets");

// core/qa/runner-end.ts
var ENVIRONMENT_HINT = "pytest seems to have run without Tollgate's plugin: a runner that gives it an environment of its own (tox, env=\u2026) must pass on PYTEST_ADDOPTS, PYTEST_PLUGINS, PYTHONPATH, TOLLGATE_* and COVERAGE_*";
function isOfTheApp(process) {
  const files = [
    ...process.imported,
    ...process.modules.map(({ file }) => file),
    ...process.tests.map(({ file }) => file),
    ...process.collectionErrors.map(({ file }) => file)
  ];
  return files.length === 0 ? !isOutside(process.folder) : !files.every(isOutside);
}
__name(isOfTheApp, "isOfTheApp");
function isOutside(path) {
  return path.startsWith("/");
}
__name(isOutside, "isOutside");
function endOfRunner(say, evidence) {
  const { runner } = evidence;
  if (runner.kind === "timed-out") {
    const running = evidence.processes.map((process) => process.running).find((id) => id !== null);
    const where = running ? `, in ${running}` : "";
    return [say("timed-out", `still running after ${runner.seconds} s${where}; it was ended`, testDetail(running))];
  }
  if (runner.kind === "signalled") return [say("runner-ended-early", `the runner was killed by ${runner.signal}`)];
  if (evidence.processes.length > 0 && !evidence.processes.some(isOfTheApp)) {
    const folders = [...new Set(evidence.processes.map(({ folder }) => folder))].join(", ");
    return [say("runner-ended-early", `pytest ran no file of the app: it was started in ${folders}`)];
  }
  if (evidence.processes.length === 0) {
    const said = complaint(evidence.outputTail);
    const code = runner.kind === "exited" ? runner.code : 0;
    if (/(^|\s)unittest(\s|$)|manage\.py\s+test/.test(evidence.command.join(" ")))
      return [
        say(
          "runner-ended-early",
          `the runner exited ${code} and no pytest process left a record: Tollgate gathers its evidence inside of pytest, which runs unittest's tests as well. Leave the suite's command out, or start pytest in it`
        )
      ];
    const ran = tellingLine(evidence.outputTail) === void 0 && /\b[1-9]\d* (passed|failed)\b/.test(evidence.outputTail);
    const hint = ran ? `. ${ENVIRONMENT_HINT}` : said ? `: ${said}` : "";
    return [say("runner-ended-early", `the runner exited ${code} and no pytest process left a record${hint}`)];
  }
  return [];
}
__name(endOfRunner, "endOfRunner");
function unclosed(say, process, evidence) {
  const importing = process.imported.find((file) => !process.modules.some((module) => module.file === file));
  if (process.imported.length === 0 && process.running === null) {
    const said = complaint(evidence.outputTail);
    return say("runner-ended-early", `pytest ended before it collected anything${said ? `: ${said}` : ""}`);
  }
  const where = process.running ? `during ${process.running}` : importing ? `while importing ${importing}` : "after its last test";
  return say(
    "record-not-closed",
    `pytest (process ${process.pid}) vanished ${where}: killed by a signal, or left through os._exit`,
    {
      ...testDetail(process.running),
      ...process.running || !importing ? {} : { file: importing }
    }
  );
}
__name(unclosed, "unclosed");

// core/qa/selection.ts
function removedTests(say, expected, process) {
  const reasons = [];
  const deselected = process.deselected.filter((id) => !matchesAny(id, expected.mayDeselect));
  for (const [file, ids] of byFile(deselected))
    reasons.push(
      say(
        "deselected",
        `${tests(ids.length)} deselected by the app's own options (-k, -m, --deselect in addopts or the runner). Run them in another suite, or allow it: ${allow(expected.suite, "mayDeselect", ids)}`,
        { file }
      )
    );
  for (const [file, ids] of byFile(process.removed.filter((id) => !matchesAny(id, expected.mayDeselect))))
    reasons.push(
      say(
        "removed-from-collection",
        `a hook of the app removed ${tests(ids.length)} from the collection. If that is intended, allow it: ${allow(expected.suite, "mayDeselect", ids)}`,
        { file }
      )
    );
  return reasons;
}
__name(removedTests, "removedTests");
function narrowedTests(say, expected, evidence) {
  const reached = new Set(evidence.processes.flatMap((process) => process.selected).flatMap(ancestors));
  const left = new Set(
    evidence.processes.flatMap((process) => process.narrowed).filter((id) => !reached.has(id) && !matchesAny(id, expected.mayDeselect))
  );
  return [...byFile([...left])].map(
    ([file, ids]) => say(
      "deselected",
      `the runner's arguments left ${tests(ids.length)} of this file out (file.py::name). Run them in another suite, or allow it: ${allow(expected.suite, "mayDeselect", ids)}`,
      { file }
    )
  );
}
__name(narrowedTests, "narrowedTests");
function ancestors(id) {
  const parts = id.split("::");
  return parts.map((_, index) => parts.slice(0, index + 1).join("::"));
}
__name(ancestors, "ancestors");
function notRun(say, process) {
  const ran = new Set(process.tests.map((test) => test.id));
  const why = process.stoppedBecause === null ? "" : ` (${process.stoppedBecause})`;
  return [...byFile(process.selected.filter((id) => !ran.has(id)))].map(
    ([file, ids]) => say("not-run", `${tests(ids.length)} collected and never run${why}: ${some(ids)}`, { file })
  );
}
__name(notRun, "notRun");

// core/qa/verdict.ts
function judgeSuite(expected, evidence, lost = null) {
  const reasons = evidence === null ? [noEvidence(expected.suite, lost)] : reasonsOf(expected, withoutOthers(evidence));
  const [first, ...rest] = reasons;
  return first === void 0 ? { kind: "passed" } : { kind: "failed", reasons: [first, ...rest] };
}
__name(judgeSuite, "judgeSuite");
function testsOf(evidence) {
  return (evidence?.processes ?? []).filter((process) => process.role === "main" && isOfTheApp(process)).flatMap((process) => process.tests);
}
__name(testsOf, "testsOf");
function countTests(tests2) {
  const count2 = /* @__PURE__ */ __name((...outcomes) => tests2.filter((test) => outcomes.includes(test.outcome)).length, "count");
  return {
    tests: tests2.length,
    passed: count2("passed", "xpassed"),
    failed: count2("failed"),
    skipped: count2("skipped", "xfailed")
  };
}
__name(countTests, "countTests");
function disagreementOf(verdict, evidence) {
  if (evidence === null || evidence.runner.kind !== "exited") return null;
  const { code } = evidence.runner;
  if (verdict.kind === "failed" && code === 0)
    return "the runner exited 0, as if all were well; the evidence says otherwise";
  if (verdict.kind === "passed" && code !== 0)
    return `the runner exited ${code}, but every listed file ran and every test passed; the evidence decides`;
  return null;
}
__name(disagreementOf, "disagreementOf");
function withoutOthers(evidence) {
  const processes = evidence.processes.filter(isOfTheApp);
  return { ...evidence, processes: processes.length === 0 ? evidence.processes : processes };
}
__name(withoutOthers, "withoutOthers");
function noEvidence(suite, lost) {
  return reason(
    suite,
    "no-evidence",
    lost ?? "its container ended without leaving evidence: it was killed, or ran out of memory or disk"
  );
}
__name(noEvidence, "noEvidence");
function reasonsOf(expected, evidence) {
  const say = /* @__PURE__ */ __name((code, message, detail) => reason(expected.suite, code, message, detail), "say");
  const missing = [
    ...evidence.missingFiles.map(
      (file) => say("file-missing", "listed in tollgate.yaml, but not in the source", { file })
    ),
    ...expected.unmatched.map(
      (entry) => say("file-missing", `${entry} is listed in tollgate.yaml, and no test file of the source matches it`)
    )
  ];
  if (evidence.failedBefore !== null) {
    const { command, code } = evidence.failedBefore;
    return [
      say("before-failed", `\`${command}\` of qa.before ended with ${code}, so the runner was not started`),
      ...missing
    ];
  }
  if (evidence.runner.kind === "not-started")
    return [say("runner-missing", `the runner could not be started: ${evidence.runner.why}`), ...missing];
  const forged = evidence.forged.map(
    (what) => say("forged-record", `a record of tests that Tollgate's recorder did not write: ${what}`)
  );
  const reasons = [...endOfRunner(say, evidence), ...forged, ...missing];
  for (const process of evidence.processes) reasons.push(...reasonsOfProcess(say, expected, evidence, process));
  reasons.push(...narrowedTests(say, expected, evidence));
  const reported = testsOf(evidence);
  reasons.push(...neverRan(say, evidence, reported));
  reasons.push(...expectedFailures(say, expected, reported));
  reasons.push(...tooManySkipped(say, expected, evidence, reported));
  for (const file of expected.files)
    if (!evidence.missingFiles.includes(file)) reasons.push(...reasonsOfFile(say, file, evidence, reasons));
  if (reasons.length === 0) reasons.push(...unexplainedStatus(say, evidence));
  return [...new Map(reasons.map((entry) => [JSON.stringify(entry), entry])).values()];
}
__name(reasonsOf, "reasonsOf");
function reasonsOfProcess(say, expected, evidence, process) {
  const reasons = untrustworthy(say, process);
  for (const error of process.internalErrors)
    reasons.push(say("internal-error", `pytest broke: ${error.message}`, { file: error.file, line: error.line }));
  for (const error of process.collectionErrors)
    reasons.push(
      say("collection-error", `cannot be collected: ${error.message}`, { file: error.file || null, line: error.line })
    );
  reasons.push(...process.tests.flatMap((test) => reasonsOfTest(say, test)));
  reasons.push(...returnedValues(say, expected, process));
  reasons.push(...unhandled(say, expected, process));
  reasons.push(...removedTests(say, expected, process));
  const ended = process.closed || process.role === "worker" && process.exitStatus !== null;
  if (!ended && evidence.runner.kind !== "timed-out") reasons.push(unclosed(say, process, evidence));
  if (process.closed && process.role === "main") reasons.push(...notRun(say, process));
  return reasons;
}
__name(reasonsOfProcess, "reasonsOfProcess");
function unexplainedStatus(say, evidence) {
  return evidence.processes.filter((process) => process.closed && process.exitStatus !== 0).map(
    (process) => say("exit-status", `pytest ended with status ${process.exitStatus ?? "unknown"}${meaning(process)}`)
  );
}
__name(unexplainedStatus, "unexplainedStatus");
function reasonsOfTest(say, test) {
  const codes = { setup: "setup-failed", call: "test-failed", teardown: "teardown-failed" };
  if (test.outcome === "skipped" && test.skipReason?.includes("async def function and no async plugin"))
    return [
      say("test-failed", "never ran: it is async, and no plugin that awaits it is installed", {
        file: test.file,
        line: test.line,
        test: test.id
      })
    ];
  if (test.outcome === "failed" && test.problems.length === 0)
    return [say("test-failed", "failed, without a word of why", { file: test.file, line: test.line, test: test.id })];
  return test.problems.map(
    (problem2) => say(codes[problem2.phase], problem2.message, {
      file: problem2.file ?? test.file,
      line: problem2.line ?? test.line,
      test: test.id
    })
  );
}
__name(reasonsOfTest, "reasonsOfTest");
function reasonsOfFile(say, file, evidence, known) {
  const about = /* @__PURE__ */ __name((...codes) => known.some((entry) => entry.file === file && codes.includes(entry.code)), "about");
  const modules = evidence.processes.flatMap((process) => process.modules).filter((module) => module.file === file);
  const skipped = evidence.processes.flatMap((process) => process.skippedModules).find((module) => module.file === file);
  if (modules.length === 0) {
    if (skipped) return [say("all-skipped", `the whole file was skipped: ${skipped.reason}`, { file })];
    if (about("collection-error", "internal-error", "record-not-closed") || nothingCollected(evidence)) return [];
    return [
      say(
        "file-not-collected",
        "listed in tollgate.yaml, but no pytest process collected it: the runner does not pass it on, or an option ignores it",
        { file }
      )
    ];
  }
  if (modules.every((module) => module.tests === 0))
    return [say("file-empty", "collected, but there is no test in it", { file })];
  if (about("deselected", "removed-from-collection", "not-run", "record-not-closed", "timed-out")) return [];
  const ran = testsOf(evidence).filter((test) => test.file === file);
  if (ran.some(
    (test) => (
      // an unexpected pass could not have failed
      test.phases.call !== void 0 && (test.outcome === "passed" || test.outcome === "failed")
    )
  ))
    return [];
  if (ran.some((test) => test.problems.length > 0)) return [];
  const why = ran.map((test) => test.skipReason).find((text) => text !== null && text !== "");
  return ran.length > 0 ? [say("all-skipped", `none of its ${tests(ran.length)} was really executed${why ? ` (${why})` : ""}`, { file })] : [say("not-run", "its tests were collected and never run", { file })];
}
__name(reasonsOfFile, "reasonsOfFile");
function nothingCollected(evidence) {
  return evidence.processes.every((process) => process.imported.length === 0 && !process.closed);
}
__name(nothingCollected, "nothingCollected");
function meaning(process) {
  if (process.exitStatus === 1) return ", though no test failed: a plugin or a hook of the app failed the session";
  if (process.exitStatus === 5) return ": it found no test";
  return process.stoppedBecause === null ? "" : `: ${process.stoppedBecause}`;
}
__name(meaning, "meaning");

// core/qa/run.ts
async function runQa(request) {
  const { settings, source } = request;
  const { app, qa } = settings;
  const names = chosenNames("suite", Object.keys(qa.suites), request.suites);
  const notRun2 = Object.keys(qa.suites).filter((name) => !names.includes(name));
  const began = Date.now();
  const [digest, { listed, unlisted }, { container: environment, described }] = await Promise.all([
    source.digest(),
    filesOfSuites(settings, source),
    step(
      "install dependencies",
      () => installedApp(app, qa, source, request.installSecrets),
      ({ described: described2 }) => described2
    )
  ]);
  const identity = createHash("sha256").update(digest).update(JSON.stringify({ app, qa })).digest("hex");
  const context = {
    qa,
    workdir: app.workdir,
    environment,
    listed,
    secrets: request.secrets,
    identity,
    run: request.run
  };
  const judged = /* @__PURE__ */ __name((run) => judge(settings, run, began), "judged");
  const runs = await Promise.all(
    names.map(
      (name) => step(
        `suite ${name}`,
        () => runSuite(name, context),
        (run) => outline(judged(run))
      )
    )
  );
  const suites = runs.map(judged);
  const combined = combineCoverage(qa, environment, runs);
  const coverage = judgeCoverage(
    qa.coverage,
    await step("combine coverage", () => coverageReport2(combined, runs)),
    notRun2.length === 0
  );
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
      dependencies: described,
      tollgateVersion: version,
      suites,
      notRun: notRun2,
      unlisted,
      coverage,
      startedAt: suites.map(({ evidence }) => evidence?.startedAt).filter((at) => at !== void 0).sort()[0] ?? new Date(began).toISOString(),
      seconds: times.length === 0 ? 0 : (Math.max(...ends) - Math.min(...starts)) / 1e3
    }
  };
}
__name(runQa, "runQa");
async function filesOfSuites({ qa }, source) {
  const listed = await Promise.all(
    Object.entries(qa.suites).map(
      async ([name, { files: files2 }]) => [name, await listedFiles(files2, source)]
    )
  );
  const files = listed.flatMap(([, { files: files2 }]) => files2);
  return { listed: new Map(listed), unlisted: await filesOfNoSuite(files, source) };
}
__name(filesOfSuites, "filesOfSuites");
function judge(settings, run, began) {
  const suite = settings.qa.suites[run.suite];
  const expected = {
    suite: run.suite,
    files: run.listed.files,
    unmatched: run.listed.unmatched,
    mayDeselect: suite?.mayDeselect ?? [],
    mayLeaveUnhandled: suite?.mayLeaveUnhandled ?? [],
    mayReturn: suite?.mayReturn ?? [],
    mayFail: suite?.mayFail ?? null,
    maxSkipped: suite?.maxSkipped ?? null
  };
  const verdict = judgeSuite(expected, run.evidence, run.lost);
  const tests2 = testsOf(run.evidence);
  return {
    suite: run.suite,
    evidence: run.evidence,
    tests: tests2,
    counts: countTests(tests2),
    seconds: run.evidence?.seconds ?? 0,
    verdict,
    disagreement: disagreementOf(verdict, run.evidence),
    cached: run.evidence !== null && Date.parse(run.evidence.startedAt) < began
  };
}
__name(judge, "judge");
function outline(result) {
  const { tests: tests2, failed } = result.counts;
  const verdict = result.verdict.kind === "passed" ? "passed" : "FAILED";
  return `${verdict}, ${count(tests2, "test")}${failed > 0 ? `, ${failed} failed` : ""}${result.cached ? " (evidence of an earlier run)" : ""}`;
}
__name(outline, "outline");

// core/qa/prove.ts
async function proveSource(source, request) {
  const settings = await readSettings(source);
  const [app, secrets, installSecrets] = await Promise.all([
    appFolder(source, settings),
    readSecrets(request.secrets, settings.qa.secrets, "qa.secrets"),
    readSecrets(
      request.secrets,
      settings.app.dependencies.secrets,
      "app.dependencies.secrets",
      (name) => `tollgate-install-${name}`
    )
  ]);
  const { suites, run } = request;
  return namingNoSpace(
    "the engine's disk",
    () => runQa({ settings, source: app, suites, run, secrets, installSecrets })
  );
}
__name(proveSource, "proveSource");

// core/qa/result.ts
function isProven(result) {
  return result.suites.length > 0 && result.suites.every((suite) => suite.verdict.kind === "passed") && result.coverage.kind !== "below" && result.coverage.kind !== "missing";
}
__name(isProven, "isProven");

// core/report/verdict.ts
function verdictLine(result) {
  return isProven(result) ? `PASSED: ${whatPassed(result)}` : `FAILED: ${runProblems(result).join("; ")}`;
}
__name(verdictLine, "verdictLine");
function failedSuites(result) {
  return result.suites.filter((suite) => suite.verdict.kind === "failed");
}
__name(failedSuites, "failedSuites");
function testsOf2(result) {
  return result.suites.reduce((sum, suite) => sum + suite.counts.tests, 0);
}
__name(testsOf2, "testsOf");
function whatPassed(result) {
  const { suites, notRun: notRun2, coverage } = result;
  if (notRun2.length > 0) {
    const all = suites.length + notRun2.length;
    return `${suites.length} of ${count(all, "suite")}, ${count(testsOf2(result), "test")}; ${notRun2.join(", ")} not run`;
  }
  const parts = [count(suites.length, "suite"), count(testsOf2(result), "test")];
  if (coverage.kind === "passed") parts.push(`coverage ${percent(coverage.percent)}`);
  return parts.join(", ");
}
__name(whatPassed, "whatPassed");
function runProblems(result) {
  const problems = [];
  const failed = failedSuites(result).length;
  if (failed > 0) problems.push(`${failed} of ${count(result.suites.length, "suite")} failed`);
  return [...problems, ...problemsOutsideSuites(result).map((problem2) => problem2.message)];
}
__name(runProblems, "runProblems");
function problemsOutsideSuites(result) {
  const problems = [];
  const { coverage } = result;
  if (result.suites.length === 0) problems.push({ code: "no-suite", message: "no suite ran" });
  if (coverage.kind === "below") {
    const figures = `${percent(coverage.percent)} is below ${threshold(coverage.threshold)}`;
    problems.push({ code: "coverage-below", message: `coverage ${figures}` });
  }
  if (coverage.kind === "missing") {
    const asked = threshold(coverage.threshold);
    problems.push({ code: "coverage-missing", message: `no coverage figure to compare with the threshold of ${asked}` });
  }
  return problems;
}
__name(problemsOutsideSuites, "problemsOutsideSuites");

// core/report/reasons.ts
function shareReasons(suites, limit) {
  const failed = suites.flatMap(
    (suite) => suite.verdict.kind === "failed" ? [{ suite, reasons: suite.verdict.reasons }] : []
  );
  const shares = failed.map(() => 0);
  let left = limit;
  let dealt = true;
  while (left > 0 && dealt) {
    dealt = false;
    for (const [index, { reasons }] of failed.entries()) {
      const share = shares[index] ?? 0;
      if (left === 0 || share >= reasons.length) continue;
      shares[index] = share + 1;
      left -= 1;
      dealt = true;
    }
  }
  return failed.map(({ suite, reasons }, index) => {
    const share = shares[index] ?? 0;
    return { suite, shown: reasons.slice(0, share), hidden: reasons.length - share };
  });
}
__name(shareReasons, "shareReasons");
function place(file, line) {
  return line === null ? file : `${file}:${line}`;
}
__name(place, "place");
function testName(reason2) {
  if (reason2.test === null) return null;
  return reason2.file !== null && reason2.test.startsWith(`${reason2.file}::`) ? reason2.test.slice(reason2.file.length + 2) : reason2.test;
}
__name(testName, "testName");

export {
  coverageReports,
  coverageLines,
  listedFiles,
  isPattern,
  suiteEvidence,
  proveSource,
  isProven,
  verdictLine,
  failedSuites,
  testsOf2 as testsOf,
  problemsOutsideSuites,
  shareReasons,
  place,
  testName
};
