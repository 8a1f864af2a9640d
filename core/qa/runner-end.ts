import { complaint, tellingLine } from "../shared/complaint.js"
import type { ProcessRecord, SuiteEvidence } from "./evidence.js"
import { type Say, testDetail } from "./reason.js"
import type { Reason } from "./result.js"

const ENVIRONMENT_HINT =
  "pytest seems to have run without Tollgate's plugin: a runner that gives it an environment of its own (tox, env=…) must pass on PYTEST_ADDOPTS, PYTEST_PLUGINS, PYTHONPATH, TOLLGATE_* and COVERAGE_*"

/**
 * Not of the app is a session that a test started to test a plugin: it ran files outside of the app's folder, which may fail.
 * Nothing is hidden by that: a listed file that only such a session had was not collected.
 */
export function isOfTheApp(process: ProcessRecord): boolean {
  const files = [
    ...process.imported,
    ...process.modules.map(({ file }) => file),
    ...process.tests.map(({ file }) => file),
    ...process.collectionErrors.map(({ file }) => file),
  ]
  return files.length === 0 ? !isOutside(process.folder) : !files.every(isOutside)
}

function isOutside(path: string): boolean {
  return path.startsWith("/")
}

/** How the runner ended, and what it printed where pytest left no record. */
export function endOfRunner(say: Say, evidence: SuiteEvidence): Reason[] {
  const { runner } = evidence
  if (runner.kind === "timed-out") {
    const running = evidence.processes.map((process) => process.running).find((id) => id !== null)
    const where = running ? `, in ${running}` : ""
    return [say("timed-out", `still running after ${runner.seconds} s${where}; it was ended`, testDetail(running))]
  }
  if (runner.kind === "signalled") return [say("runner-ended-early", `the runner was killed by ${runner.signal}`)]
  if (evidence.processes.length > 0 && !evidence.processes.some(isOfTheApp)) {
    const folders = [...new Set(evidence.processes.map(({ folder }) => folder))].join(", ")
    return [say("runner-ended-early", `pytest ran no file of the app: it was started in ${folders}`)]
  }
  if (evidence.processes.length === 0) {
    const said = complaint(evidence.outputTail)
    const code = runner.kind === "exited" ? runner.code : 0
    if (/(^|\s)unittest(\s|$)|manage\.py\s+test/.test(evidence.command.join(" ")))
      return [
        say(
          "runner-ended-early",
          `the runner exited ${code} and no pytest process left a record: Tollgate gathers its evidence inside of pytest, which runs unittest's tests as well. Leave the suite's command out, or start pytest in it`,
        ),
      ]
    const ran =
      tellingLine(evidence.outputTail) === undefined && /\b[1-9]\d* (passed|failed)\b/.test(evidence.outputTail)
    const hint = ran ? `. ${ENVIRONMENT_HINT}` : said ? `: ${said}` : ""
    return [say("runner-ended-early", `the runner exited ${code} and no pytest process left a record${hint}`)]
  }
  return []
}

/** A pytest process that vanished without closing its record. */
export function unclosed(say: Say, process: ProcessRecord, evidence: SuiteEvidence): Reason {
  const importing = process.imported.find((file) => !process.modules.some((module) => module.file === file))
  if (process.imported.length === 0 && process.running === null) {
    const said = complaint(evidence.outputTail)
    return say("runner-ended-early", `pytest ended before it collected anything${said ? `: ${said}` : ""}`)
  }
  const where = process.running
    ? `during ${process.running}`
    : importing
      ? `while importing ${importing}`
      : "after its last test"
  return say(
    "record-not-closed",
    `pytest (process ${process.pid}) vanished ${where}: killed by a signal, or left through os._exit`,
    {
      ...testDetail(process.running),
      ...(process.running || !importing ? {} : { file: importing }),
    },
  )
}
