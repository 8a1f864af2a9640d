import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isProven
} from "./shared.core.qa.result.mjs";
import {
  count,
  percent,
  threshold
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/report/verdict.ts
function verdictLine(result) {
  return isProven(result) ? `PASSED: ${whatPassed(result)}` : `FAILED: ${runProblems(result).join("; ")}`;
}
__name(verdictLine, "verdictLine");
function failedSuites(result) {
  return result.suites.filter((suite) => suite.verdict.kind === "failed");
}
__name(failedSuites, "failedSuites");
function testsOf(result) {
  return result.suites.reduce((sum, suite) => sum + suite.counts.tests, 0);
}
__name(testsOf, "testsOf");
function whatPassed(result) {
  const { suites, notRun, coverage } = result;
  if (notRun.length > 0) {
    const all = suites.length + notRun.length;
    return `${suites.length} of ${count(all, "suite")}, ${count(testsOf(result), "test")}; ${notRun.join(", ")} not run`;
  }
  const parts = [count(suites.length, "suite"), count(testsOf(result), "test")];
  if (coverage.kind === "passed") parts.push(`coverage ${percent(coverage.percent)}`);
  return parts.join(", ");
}
__name(whatPassed, "whatPassed");
function runProblems(result) {
  const problems = [];
  const failed = failedSuites(result).length;
  if (failed > 0) problems.push(`${failed} of ${count(result.suites.length, "suite")} failed`);
  return [...problems, ...problemsOutsideSuites(result).map((problem) => problem.message)];
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
function testName(reason) {
  if (reason.test === null) return null;
  return reason.file !== null && reason.test.startsWith(`${reason.file}::`) ? reason.test.slice(reason.file.length + 2) : reason.test;
}
__name(testName, "testName");

export {
  verdictLine,
  failedSuites,
  testsOf,
  problemsOutsideSuites,
  shareReasons,
  place,
  testName
};
