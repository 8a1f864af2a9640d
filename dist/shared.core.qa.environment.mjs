import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  asExecError
} from "./shared.core.exec-error.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/pattern.ts
function matchesAny(text, patterns) {
  return patterns.some((pattern) => {
    const source = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")).join(".*");
    return new RegExp(`^${source}$`).test(text);
  });
}
__name(matchesAny, "matchesAny");

// core/qa/verdict.ts
function judgeSuite(expected, evidence, lost = null) {
  const reasons = evidence === null ? [noEvidence(expected.suite, lost)] : reasonsOf(expected, withoutOthers(evidence));
  const [first, ...rest] = reasons;
  return first === void 0 ? { kind: "proven" } : { kind: "red", reasons: [first, ...rest] };
}
__name(judgeSuite, "judgeSuite");
function testsOf(evidence) {
  return (evidence?.processes ?? []).filter((process) => process.role === "main" && isOfTheApp(process)).flatMap((process) => process.tests);
}
__name(testsOf, "testsOf");
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
function countTests(tests2) {
  const count = /* @__PURE__ */ __name((...outcomes) => tests2.filter((test) => outcomes.includes(test.outcome)).length, "count");
  return {
    tests: tests2.length,
    passed: count("passed", "xpassed"),
    failed: count("failed"),
    skipped: count("skipped", "xfailed")
  };
}
__name(countTests, "countTests");
function disagreementOf(verdict, evidence) {
  if (evidence === null || evidence.runner.kind !== "exited") return null;
  const { code } = evidence.runner;
  if (verdict.kind === "red" && code === 0) return "the runner exited 0, as if all were well; the evidence says otherwise";
  if (verdict.kind === "proven" && code !== 0)
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
  return reason(suite, "no-evidence", lost ?? "its container ended without leaving evidence: it was killed, or ran out of memory or disk");
}
__name(noEvidence, "noEvidence");
function reason(suite, code, message, detail = {}) {
  return { code, suite, file: detail.file ?? null, line: detail.line ?? null, test: detail.test ?? null, message };
}
__name(reason, "reason");
function reasonsOf(expected, evidence) {
  const say = /* @__PURE__ */ __name((code, message, detail) => reason(expected.suite, code, message, detail), "say");
  const missing = [
    ...evidence.missingFiles.map((file) => say("file-missing", "listed in tollgate.yaml, but not in the source", { file })),
    ...expected.unmatched.map((entry) => say("file-missing", `${entry} is listed in tollgate.yaml, and no test file of the source matches it`))
  ];
  if (evidence.failedBefore !== null) {
    const { command, code } = evidence.failedBefore;
    return [say("before-failed", `\`${command}\` of qa.before ended with ${code}, so the runner was not started`), ...missing];
  }
  if (evidence.runner.kind === "not-started")
    return [say("runner-missing", `the runner could not be started: ${evidence.runner.why}`), ...missing];
  const reasons = [...endOfRunner(say, evidence), ...missing];
  for (const process of evidence.processes) reasons.push(...reasonsOfProcess(say, expected, evidence, process));
  reasons.push(...narrowedTests(say, expected, evidence));
  for (const file of expected.files)
    if (!evidence.missingFiles.includes(file)) reasons.push(...reasonsOfFile(say, file, evidence, reasons));
  if (reasons.length === 0) reasons.push(...unexplainedStatus(say, evidence));
  return [...new Map(reasons.map((entry) => [JSON.stringify(entry), entry])).values()];
}
__name(reasonsOf, "reasonsOf");
var ENVIRONMENT_HINT = "pytest seems to have run without Tollgate's plugin: a runner that gives it an environment of its own (tox, env=\u2026) must pass on PYTEST_ADDOPTS, PYTEST_PLUGINS, PYTHONPATH, TOLLGATE_* and COVERAGE_*";
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
      return [say("runner-ended-early", `the runner exited ${code} and no pytest process left a record: Tollgate gathers its evidence inside of pytest, which runs unittest's tests as well. Leave the suite's command out, or start pytest in it`)];
    const ran = tellingLine(evidence.outputTail) === void 0 && /\b[1-9]\d* (passed|failed)\b/.test(evidence.outputTail);
    const hint = ran ? `. ${ENVIRONMENT_HINT}` : said ? `: ${said}` : "";
    return [say("runner-ended-early", `the runner exited ${code} and no pytest process left a record${hint}`)];
  }
  return [];
}
__name(endOfRunner, "endOfRunner");
function reasonsOfProcess(say, expected, evidence, process) {
  const reasons = [];
  for (const error of process.internalErrors)
    reasons.push(say("internal-error", `pytest broke: ${error.message}`, { file: error.file, line: error.line }));
  for (const error of process.collectionErrors)
    reasons.push(say("collection-error", `cannot be collected: ${error.message}`, { file: error.file || null, line: error.line }));
  reasons.push(...process.tests.flatMap((test) => reasonsOfTest(say, test)));
  reasons.push(...unhandled(say, expected, process));
  reasons.push(...removedTests(say, expected, process));
  if (!process.closed && evidence.runner.kind !== "timed-out") reasons.push(unclosed(say, process, evidence));
  if (process.closed && process.role === "main") reasons.push(...notRun(say, process));
  return reasons;
}
__name(reasonsOfProcess, "reasonsOfProcess");
function unexplainedStatus(say, evidence) {
  return evidence.processes.filter((process) => process.closed && process.exitStatus !== 0).map((process) => say("exit-status", `pytest ended with status ${process.exitStatus ?? "unknown"}${meaning(process)}`));
}
__name(unexplainedStatus, "unexplainedStatus");
function reasonsOfTest(say, test) {
  const codes = { setup: "setup-failed", call: "test-failed", teardown: "teardown-failed" };
  if (test.outcome === "skipped" && test.skipReason?.includes("async def function and no async plugin"))
    return [say("test-failed", "never ran: it is async, and no plugin that awaits it is installed", { file: test.file, line: test.line, test: test.id })];
  if (test.outcome === "failed" && test.problems.length === 0)
    return [say("test-failed", "failed, without a word of why", { file: test.file, line: test.line, test: test.id })];
  return test.problems.map(
    (problem) => say(codes[problem.phase], problem.message, { file: problem.file ?? test.file, line: problem.line ?? test.line, test: test.id })
  );
}
__name(reasonsOfTest, "reasonsOfTest");
function unhandled(say, expected, process) {
  const meant = /* @__PURE__ */ __name((test) => test !== null && matchesAny(test, expected.mayLeaveUnhandled), "meant");
  return process.unhandled.filter(({ test }) => !meant(test)).map(({ kind, who, test, message, file, line }) => {
    const [first = ""] = message.split("\n", 1);
    const what = {
      thread: `${first} in the thread ${who}. pytest passes a test whose thread fails`,
      task: `${first} in the asyncio task ${who}, whose result was never read. pytest passes such a test`,
      coroutine: `${first}: an await is missing, and what it would have checked did not run`
    }[kind];
    const remedy = test === null ? "" : `. If this is intended, allow it: qa.suites.${expected.suite}.mayLeaveUnhandled: [${JSON.stringify(test)}]`;
    return say("unhandled-exception", `${what}${remedy}`, { ...testDetail(test), ...file === null ? {} : { file }, line });
  });
}
__name(unhandled, "unhandled");
function removedTests(say, expected, process) {
  const reasons = [];
  const deselected = process.deselected.filter((id) => !matchesAny(id, expected.mayDeselect));
  for (const [file, ids] of byFile(deselected))
    reasons.push(
      say(
        "deselected",
        `${tests(ids.length)} deselected by the app's own options (-k, -m, --deselect in addopts or the runner). Run them in another suite, or allow it: ${allow(expected.suite, ids)}`,
        { file }
      )
    );
  for (const [file, ids] of byFile(process.removed.filter((id) => !matchesAny(id, expected.mayDeselect))))
    reasons.push(say("removed-from-collection", `a hook of the app removed ${tests(ids.length)} from the collection. If that is intended, allow it: ${allow(expected.suite, ids)}`, { file }));
  return reasons;
}
__name(removedTests, "removedTests");
function narrowedTests(say, expected, evidence) {
  const reached = new Set(evidence.processes.flatMap((process) => process.selected).flatMap(ancestors));
  const left = new Set(evidence.processes.flatMap((process) => process.narrowed).filter((id) => !reached.has(id) && !matchesAny(id, expected.mayDeselect)));
  return [...byFile([...left])].map(
    ([file, ids]) => say("deselected", `the runner's arguments left ${tests(ids.length)} of this file out (file.py::name). Run them in another suite, or allow it: ${allow(expected.suite, ids)}`, { file })
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
function unclosed(say, process, evidence) {
  const importing = process.imported.find((file) => !process.modules.some((module) => module.file === file));
  if (process.imported.length === 0 && process.running === null) {
    const said = complaint(evidence.outputTail);
    return say("runner-ended-early", `pytest ended before it collected anything${said ? `: ${said}` : ""}`);
  }
  const where = process.running ? `during ${process.running}` : importing ? `while importing ${importing}` : "after its last test";
  return say("record-not-closed", `pytest (process ${process.pid}) vanished ${where}: killed by a signal, or left through os._exit`, {
    ...testDetail(process.running),
    ...process.running || !importing ? {} : { file: importing }
  });
}
__name(unclosed, "unclosed");
function reasonsOfFile(say, file, evidence, known) {
  const about = /* @__PURE__ */ __name((...codes) => known.some((entry) => entry.file === file && codes.includes(entry.code)), "about");
  const modules = evidence.processes.flatMap((process) => process.modules).filter((module) => module.file === file);
  const skipped = evidence.processes.flatMap((process) => process.skippedModules).find((module) => module.file === file);
  if (modules.length === 0) {
    if (skipped) return [say("all-skipped", `the whole file was skipped: ${skipped.reason}`, { file })];
    if (about("collection-error", "internal-error", "record-not-closed") || nothingCollected(evidence)) return [];
    return [say("file-not-collected", "listed in tollgate.yaml, but no pytest process collected it: the runner does not pass it on, or an option ignores it", { file })];
  }
  if (modules.every((module) => module.tests === 0)) return [say("file-empty", "collected, but there is no test in it", { file })];
  if (about("deselected", "removed-from-collection", "not-run", "record-not-closed", "timed-out")) return [];
  const ran = testsOf(evidence).filter((test) => test.file === file);
  if (ran.some((test) => test.phases.call !== void 0 && (test.outcome === "passed" || test.outcome === "failed" || test.outcome === "xpassed"))) return [];
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
function complaint(output) {
  const line = tellingLine(output) ?? printedLines(output).at(-1);
  return line === void 0 ? null : line.replace(/^E\s{2,}/, "");
}
__name(complaint, "complaint");
function tellingLine(output) {
  const telling = /^(ERROR\b|error\b|E\s{2,}|[\w.]*(Error|Exception|Exit)\b:)|: error: |can't open file|No module named/;
  return printedLines(output).findLast((line) => telling.test(line));
}
__name(tellingLine, "tellingLine");
function printedLines(output) {
  return output.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !/^[=!-]{3,}/.test(line));
}
__name(printedLines, "printedLines");
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
function testDetail(id) {
  return id ? { file: fileOf(id), test: id } : {};
}
__name(testDetail, "testDetail");
function tests(count) {
  return count === 1 ? "1 test" : `${count} tests`;
}
__name(tests, "tests");
function allow(suite, ids) {
  return `qa.suites.${suite}.mayDeselect: ${JSON.stringify(ids).replaceAll('","', '", "')}`;
}
__name(allow, "allow");
function some(ids) {
  const names = ids.slice(0, 3).map((id) => id.split("::").slice(1).join("::"));
  return ids.length > 3 ? `${names.join(", ")} and ${ids.length - 3} more` : names.join(", ");
}
__name(some, "some");

// core/qa/environment.ts
import { readFile } from "node:fs/promises";
import { dag, ExistsType } from "../sdk/index.ts";

// core/quoted-tail.ts
function quotedTail(text, most) {
  return text.trim().split("\n").slice(-most).map((line) => `  | ${line}`);
}
__name(quotedTail, "quotedTail");

// core/qa/environment.ts
var APP = "/app";
var TOOLS = "/opt/tollgate";
var PYTEST = "pytest==8.4.2";
var COVERAGE = "coverage==7.17.3";
var PYTHON_FILES = ["tollgate_suite.py", "tollgate_fold.py", "tollgate_evidence.py", "tollgate_redact.py", "tollgate_startup.py", "tollgate_unhandled.py"];
async function appEnvironment(app, qa, source) {
  const files = await dependencyFiles("app.dependencies.files", app.dependencies.files, app, source);
  let container = dag.container().from(app.image).withWorkdir(APP);
  if (app.packages.length > 0) container = withPackages(container, app.packages);
  container = container.withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1").withEnvVariable("PIP_ROOT_USER_ACTION", "ignore").withMountedCache("/root/.cache/pip", dag.cacheVolume("tollgate-pip"));
  for (const [path, contents] of files) container = container.withNewFile(path, contents);
  for (const command of app.dependencies.install) container = shell(container, command);
  if (qa.coverage !== null)
    container = shell(container, `${qa.interpreter} -c 'import coverage, sys; sys.exit(coverage.version_info < (6, 4))' 2>/dev/null || ${qa.interpreter} -m pip install '${COVERAGE}'`);
  if (qa.runner === null && Object.values(qa.suites).some(({ command }) => command === null))
    container = shell(container, `${qa.interpreter} -c 'import pytest' 2>/dev/null || ${qa.interpreter} -m pip install '${PYTEST}'`);
  for (const command of app.setup) container = shell(container, command);
  return await installing("app.packages, app.dependencies or app.setup", await withTools(container, qa.interpreter));
}
__name(appEnvironment, "appEnvironment");
async function installing(settings, container) {
  try {
    return await container.sync();
  } catch (error) {
    const failed = asExecError(error);
    throw failed === null ? error : installationError(settings, failed);
  }
}
__name(installing, "installing");
function shell(container, command) {
  return container.withExec(["sh", "-c", command]);
}
__name(shell, "shell");
function withPackages(container, packages) {
  const install = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")} && rm -rf /var/lib/apt/lists/*`;
  return shell(container.withEnvVariable("DEBIAN_FRONTEND", "noninteractive"), install).withoutEnvVariable("DEBIAN_FRONTEND");
}
__name(withPackages, "withPackages");
async function dependencyFiles(place, files, app, source) {
  const found = await Promise.all(files.map((path) => source.exists(path, { expectedType: ExistsType.RegularType })));
  const missing = files.filter((_, index) => found[index] !== true);
  if (missing.length > 0)
    throw new TollgateError(
      "dependencies-missing",
      `${missing.join(", ")}: not in the app's folder (${app.path}).`,
      `${place} of tollgate.yaml names the files that the installation reads, relative to app.path.`
    );
  return Promise.all(files.map(async (path) => [path, await source.file(path).contents()]));
}
__name(dependencyFiles, "dependencyFiles");
async function withTools(container, interpreter) {
  const contents = await Promise.all(PYTHON_FILES.map((name) => readFile(new URL(`python/${name}`, new URL("../core/qa/environment.ts", import.meta.url).href), "utf8")));
  let tools = dag.directory();
  for (const [index, name] of PYTHON_FILES.entries()) tools = tools.withNewFile(name, contents[index] ?? "");
  const startup = [
    "import pathlib, sysconfig",
    `pathlib.Path(sysconfig.get_path("purelib"), "zz_tollgate.pth").write_text("${TOOLS}\\nimport tollgate_startup\\n")`
  ].join("; ");
  return container.withDirectory(TOOLS, tools).withExec([interpreter, "-c", startup]);
}
__name(withTools, "withTools");
function installationError(settings, error) {
  const command = error.cmd.at(-1) ?? "";
  const said = complaint(`${error.stdout}
${error.stderr}`);
  const tail = quotedTail(`${error.stdout}
${error.stderr}`, 12);
  return new TollgateError(
    "installation-failed",
    [`The app's dependencies could not be installed: \`${command}\` ended with ${error.exitCode}.`, ...said ? [said] : [], "", ...tail].join("\n"),
    `Nothing ran. Correct ${settings} in tollgate.yaml, or the files that they name.`
  );
}
__name(installationError, "installationError");

export {
  quotedTail,
  judgeSuite,
  testsOf,
  countTests,
  disagreementOf,
  APP,
  TOOLS,
  appEnvironment,
  installing,
  shell,
  dependencyFiles
};
