import { type Container, type Directory, dag, type File, ReturnType } from "@dagger.io/dagger"
import type { QaSettings } from "../config/qa.js"
import { type CoverageReport, nothingMeasured, reportingConfiguration } from "./coverage.js"
import { APP, TOOLS } from "./environment.js"
import type { SuiteRun } from "./suite.js"

const DATA = "/tollgate/coverage"
const SETTINGS = `${TOOLS}/coverage.ini`

/** All suites' coverage data as one, in a container that can report on it; null when there is none. */
export function combineCoverage(qa: QaSettings, environment: Container, runs: SuiteRun[]): Container | null {
  if (qa.coverage === null) return null
  const coverage = `${qa.interpreter} -m coverage`
  const measured = runs.filter((run) => (run.evidence?.coverageFiles.length ?? 0) > 0)
  if (measured.length === 0) return null
  let data = dag.directory()
  for (const run of measured) data = data.withDirectory(run.suite, run.files.directory("coverage"))
  return environment
    .withNewFile(SETTINGS, reportingConfiguration(qa.coverage, APP))
    .withEnvVariable("COVERAGE_RCFILE", SETTINGS)
    .withEnvVariable("COVERAGE_FILE", `${DATA}/combined`)
    .withDirectory(`${DATA}/suites`, data)
    .withExec(
      ["sh", "-c", `${coverage} combine -q --keep ${DATA}/suites/*/* && ${coverage} json -q -o ${DATA}/coverage.json`],
      {
        expect: ReturnType.Any,
      },
    )
}

export async function coverageReport(combined: Container | null, runs: SuiteRun[]): Promise<CoverageReport> {
  if (combined === null)
    return { kind: "none", why: nothingMeasured(runs.flatMap(({ evidence }) => evidence?.coverageErrors ?? [])) }
  if ((await combined.exitCode()) === 0)
    return { kind: "json", text: await combined.file(`${DATA}/coverage.json`).contents() }
  const said = `${await combined.stdout()}\n${await combined.stderr()}`.trim().split("\n").at(-1)
  return { kind: "none", why: `coverage.py could not combine what the suites left: ${said}` }
}

/** coverage.xml (Cobertura) and coverage/ (HTML). */
export function coverageReports(combined: Container, interpreter: string): Directory {
  const coverage = `${interpreter} -m coverage`
  const write = `mkdir ${DATA}/out; ${coverage} xml -q -o ${DATA}/out/coverage.xml; ${coverage} html -q -d ${DATA}/out/coverage`
  // a red run may have no data that can be shown; its report is made all the same
  return combined.withExec(["sh", "-c", write], { expect: ReturnType.Any }).directory(`${DATA}/out`)
}

/** The lines that ran, as lcov.info: its files are named relative to the app. */
export function coverageLines(combined: Container, interpreter: string): File {
  return combined
    .withExec(["sh", "-c", `${interpreter} -m coverage lcov -q -o ${DATA}/lcov.info`])
    .file(`${DATA}/lcov.info`)
}
