import { posix } from "node:path"
import { type Container, type Directory, dag, ReturnType, type Secret } from "@dagger.io/dagger"
import type { QaSettings, SuiteSettings } from "../config/qa.js"
import { measuringConfiguration } from "./coverage.js"
import { APP, TOOLS } from "./environment.js"
import { type SuiteEvidence, suiteEvidence } from "./evidence.js"
import type { ListedFiles } from "./listed-files.js"
import { namingServices } from "./service-failure.js"
import { withServices, withSettings } from "./services.js"
import { commandOf } from "./suite-command.js"

const OUT = "/tollgate/evidence"
const SPECIFICATION = `${TOOLS}/suite.json`
const COVERAGE_SETTINGS = `${TOOLS}/coverage.ini`

export interface SuiteRun {
  suite: string
  /** What the suite's `files` stand for. */
  listed: ListedFiles
  evidence: SuiteEvidence | null
  /** Why there is no evidence, when there is none. */
  lost: string | null
  /** Everything the suite left: evidence.json, output.log, coverage/, artifacts/. */
  files: Directory
}

export interface SuiteContext {
  qa: QaSettings
  /** Folder that the runner works in, relative to the app's. */
  workdir: string
  /** Dependencies and source, the project installed. */
  environment: Container
  /** What the suites' `files` stand for in the source. */
  listed: ReadonlyMap<string, ListedFiles>
  secrets: ReadonlyMap<string, Secret>
  /** Digest of everything that decides what the suites do; with `run` it tells one run's services from another's. */
  identity: string
  /** Empty: evidence of an earlier run of the same source is as good. Otherwise the id of the run to make or to find. */
  run: string
}

/** Drives the team's runner for one suite, in a container of its own, and brings back the evidence. */
export async function runSuite(name: string, context: SuiteContext): Promise<SuiteRun> {
  const listed = context.listed.get(name) ?? { files: [], unmatched: [] }
  const ran = await namingServices("qa.services", context.qa.services, () => inContainer(name, listed.files, context))
  return { suite: name, listed, ...ran }
}

async function inContainer(
  name: string,
  listed: readonly string[],
  context: SuiteContext,
): Promise<Omit<SuiteRun, "suite" | "listed">> {
  const finished = suiteContainer(name, listed, context).withExec(
    [context.qa.interpreter, `${TOOLS}/tollgate_suite.py`, SPECIFICATION, OUT],
    { expect: ReturnType.Any },
  )
  const files = finished.directory(OUT)
  const code = await finished.exitCode()
  if (code !== 0) return { evidence: null, lost: `its container ended with ${code}`, files }
  const parsed = suiteEvidence.safeParse(JSON.parse(await files.file("evidence.json").contents()))
  if (parsed.success) return { evidence: parsed.data, lost: null, files }
  const [issue] = parsed.error.issues
  return { evidence: null, lost: `its evidence cannot be read: ${issue?.path.join(".")}: ${issue?.message}`, files }
}

function suiteOf(name: string, qa: QaSettings): SuiteSettings {
  const suite = qa.suites[name]
  if (suite === undefined) throw new RangeError(`no suite ${name}`)
  return suite
}

function suiteContainer(name: string, listed: readonly string[], context: SuiteContext): Container {
  const { qa, workdir, environment, secrets, identity, run } = context
  const suite = suiteOf(name, qa)
  const fromWorkdir = (path: string) => posix.relative(workdir, path)
  const specification = {
    suite: name,
    files: listed,
    runner: suite.command === null ? qa.runner : null,
    command: commandOf(name, suite, listed.map(fromWorkdir), {
      ...qa,
      runner: qa.runner === null ? null : fromWorkdir(qa.runner),
    }),
    workdir,
    timeout: suite.timeout,
    before: qa.before,
    artifacts: qa.artifacts,
    coverageSettings: qa.coverage === null ? null : COVERAGE_SETTINGS,
  }
  let container = environment.withNewFile(SPECIFICATION, JSON.stringify(specification))
  if (qa.coverage !== null)
    container = container.withNewFile(
      COVERAGE_SETTINGS,
      measuringConfiguration(qa.coverage, APP, `${OUT}/coverage/data`),
    )
  container = withServices(container, qa.services, `${name} ${identity} ${run}`)
  container = withSettings(container, suite.env, qa.services)
  for (const [variable, value] of secrets) container = container.withSecretVariable(variable, value)
  return container
    .withEnvVariable("TOLLGATE_SECRETS", [...secrets.keys()].join(","))
    .withEnvVariable("TOLLGATE_RUN", run)
    .withDirectory(OUT, dag.directory())
}
