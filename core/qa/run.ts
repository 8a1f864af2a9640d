import { createHash } from "node:crypto"
import type { Container, Directory, Secret } from "@dagger.io/dagger"
import { chosenNames } from "../config/chosen-names.js"
import type { Settings } from "../config/schema.js"
import { count } from "../shared/figures.js"
import { step } from "../shared/progress.js"
import { version } from "../shared/version.js"
import { combineCoverage, coverageReport } from "./combine.js"
import { judgeCoverage } from "./coverage.js"
import { installedApp } from "./environment.js"
import { filesOfNoSuite, type ListedFiles, listedFiles } from "./listed-files.js"
import type { QaResult, SuiteResult } from "./result.js"
import { runSuite, type SuiteRun } from "./suite.js"
import { countTests, disagreementOf, judgeSuite, testsOf } from "./verdict.js"

export interface QaRequest {
  settings: Settings
  /** The app's own folder. */
  source: Directory
  /** Empty: all. */
  suites: string[]
  /** Empty: an earlier run's evidence of the same source will do. */
  run: string
  secrets: ReadonlyMap<string, Secret>
  /** Values of app.dependencies.secrets. */
  installSecrets: ReadonlyMap<string, Secret>
}

export interface QaRun {
  result: QaResult
  runs: SuiteRun[]
  /** Coverage data of all suites; null when there is none. */
  coverage: Container | null
  settings: Settings
}

/** Runs the suites, all at once, each in a container of its own, and judges them by what they left behind. */
export async function runQa(request: QaRequest): Promise<QaRun> {
  const { settings, source } = request
  const { app, qa } = settings
  const names = chosenNames("suite", Object.keys(qa.suites), request.suites)
  const notRun = Object.keys(qa.suites).filter((name) => !names.includes(name))
  const began = Date.now()

  const [digest, { listed, unlisted }, { container: environment, described }] = await Promise.all([
    source.digest(),
    filesOfSuites(settings, source),
    step(
      "install dependencies",
      () => installedApp(app, qa, source, request.installSecrets),
      ({ described }) => described,
    ),
  ])
  const identity = createHash("sha256").update(digest).update(JSON.stringify({ app, qa })).digest("hex")
  const context = {
    qa,
    workdir: app.workdir,
    environment,
    listed,
    secrets: request.secrets,
    identity,
    run: request.run,
  }
  const judged = (run: SuiteRun) => judge(settings, run, began)
  const runs = await Promise.all(
    names.map((name) =>
      step(
        `suite ${name}`,
        () => runSuite(name, context),
        (run) => outline(judged(run)),
      ),
    ),
  )
  const suites = runs.map(judged)

  const combined = combineCoverage(qa, environment, runs)
  const coverage = judgeCoverage(
    qa.coverage,
    await step("combine coverage", () => coverageReport(combined, runs)),
    notRun.length === 0,
  )
  const times = suites.filter((suite) => !suite.cached).flatMap(({ evidence }) => (evidence === null ? [] : [evidence]))
  const starts = times.map((evidence) => Date.parse(evidence.startedAt))
  const ends = times.map((evidence) => Date.parse(evidence.startedAt) + evidence.seconds * 1000)
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
      notRun,
      unlisted,
      coverage,
      startedAt:
        suites
          .map(({ evidence }) => evidence?.startedAt)
          .filter((at) => at !== undefined)
          .sort()[0] ?? new Date(began).toISOString(),
      seconds: times.length === 0 ? 0 : (Math.max(...ends) - Math.min(...starts)) / 1000,
    },
  }
}

interface FilesOfSuites {
  /** Of every suite, also of those that do not run. */
  listed: ReadonlyMap<string, ListedFiles>
  /** Test files of no suite. */
  unlisted: string[]
}

async function filesOfSuites({ qa }: Settings, source: Directory): Promise<FilesOfSuites> {
  const listed = await Promise.all(
    Object.entries(qa.suites).map(
      async ([name, { files }]): Promise<[string, ListedFiles]> => [name, await listedFiles(files, source)],
    ),
  )
  const files = listed.flatMap(([, { files }]) => files)
  return { listed: new Map(listed), unlisted: await filesOfNoSuite(files, source) }
}

function judge(settings: Settings, run: SuiteRun, began: number): SuiteResult {
  const suite = settings.qa.suites[run.suite]
  const expected = {
    suite: run.suite,
    files: run.listed.files,
    unmatched: run.listed.unmatched,
    mayDeselect: suite?.mayDeselect ?? [],
    mayLeaveUnhandled: suite?.mayLeaveUnhandled ?? [],
    mayReturn: suite?.mayReturn ?? [],
    mayFail: suite?.mayFail ?? null,
    maxSkipped: suite?.maxSkipped ?? null,
  }
  const verdict = judgeSuite(expected, run.evidence, run.lost)
  const tests = testsOf(run.evidence)
  return {
    suite: run.suite,
    evidence: run.evidence,
    tests,
    counts: countTests(tests),
    seconds: run.evidence?.seconds ?? 0,
    verdict,
    disagreement: disagreementOf(verdict, run.evidence),
    cached: run.evidence !== null && Date.parse(run.evidence.startedAt) < began,
  }
}

function outline(result: SuiteResult): string {
  const { tests, failed } = result.counts
  const verdict = result.verdict.kind === "passed" ? "passed" : "FAILED"
  return `${verdict}, ${count(tests, "test")}${failed > 0 ? `, ${failed} failed` : ""}${result.cached ? " (evidence of an earlier run)" : ""}`
}
