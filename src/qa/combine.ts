import { type Container, dag, type Directory, ReturnType } from "@dagger.io/dagger"
import type { CoverageSettings } from "../config/qa.js"
import { reportingConfiguration } from "./coverage.js"
import { APP, TOOLS } from "./environment.js"
import type { SuiteRun } from "./suite.js"

const DATA = "/tollgate/coverage"
const SETTINGS = `${TOOLS}/coverage.ini`

/** All suites' coverage data as one, in a container that can report on it; null when there is none. */
export function combineCoverage(settings: CoverageSettings, environment: Container, source: Directory, runs: SuiteRun[]): Container | null {
  const measured = runs.filter((run) => (run.evidence?.coverageFiles.length ?? 0) > 0)
  if (measured.length === 0) return null
  let data = dag.directory()
  for (const run of measured) data = data.withDirectory(run.suite, run.files.directory("coverage"))
  return environment
    .withDirectory(APP, source)
    .withNewFile(SETTINGS, reportingConfiguration(settings))
    .withEnvVariable("COVERAGE_RCFILE", SETTINGS)
    .withEnvVariable("COVERAGE_FILE", `${DATA}/combined`)
    .withDirectory(`${DATA}/suites`, data)
    .withExec(["sh", "-c", `coverage combine -q --keep ${DATA}/suites/*/* && coverage json -q -o ${DATA}/coverage.json`], {
      expect: ReturnType.Any,
    })
}

/** What `coverage json` wrote; null when there is no data, or none that coverage.py can read. */
export async function coverageJson(combined: Container | null): Promise<string | null> {
  if (combined === null || (await combined.exitCode()) !== 0) return null
  return combined.file(`${DATA}/coverage.json`).contents()
}

/** coverage.xml (Cobertura) and coverage/ (HTML). */
export function coverageReports(combined: Container): Directory {
  const write = `mkdir ${DATA}/out; coverage xml -q -o ${DATA}/out/coverage.xml; coverage html -q -d ${DATA}/out/coverage`
  // a red run may have no data that can be shown; its report is made all the same
  return combined.withExec(["sh", "-c", write], { expect: ReturnType.Any }).directory(`${DATA}/out`)
}
