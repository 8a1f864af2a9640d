import { type Directory, dag, type File, type Secret } from "@dagger.io/dagger"
import { ciReport as report } from "../ci/folder.js"
import { ciComment as comment } from "../ci/markdown.js"
import { runCi } from "../ci/run.js"
import { ciScreen } from "../ci/screen.js"
import { readStatus } from "../ci/status.js"
import { requirePassed } from "../gate/failed.js"
import { stampOf } from "../image/stamp.js"
import { tellOfRun } from "../notify/tell-of-run.js"
import { TollgateError } from "../shared/errors.js"
import { readSettings } from "../source.js"

interface Asked {
  base: Directory | undefined
  baseline: Directory | undefined
  failFast: boolean
  secrets: Secret | undefined
  revision: string
  created: string
  sourceUrl: string
}

interface Told {
  report: Directory
  before: Directory | undefined
  notify: Secret
  branch: string
  url: string
}

interface Reported {
  key: string
  url: string
  commentWhenChanged: boolean
}

const REPORT = "dagger call ci-report export --path=tollgate-report/ci"

export async function ci(source: Directory, asked: Asked): Promise<string> {
  const { status, usual } = await run(source, asked)
  return requirePassed("ci", status.verdict === "passed", ciScreen(status, { report: REPORT, usual }))
}

export async function ciReport(source: Directory, given: Asked & Reported): Promise<Directory> {
  const { key, url, commentWhenChanged, ...asked } = given
  return report(await run(source, asked), { key, url, comment: commentWhenChanged ? "changed" : "always" })
}

/** The verdict of a report that was written before: one run, whose report a CI keeps before it fails. */
export async function ciVerdict(folder: Directory): Promise<string> {
  const status = await statusIn(folder)
  return requirePassed(
    "ci",
    status.verdict === "passed",
    ciScreen(status, { report: "index.html of --report", usual: new Map() }),
  )
}

/** Written anew from status.json, which is read as data: a report of a fork's run may say anything. */
export async function ciComment(folder: Directory, { key, url }: { key: string; url: string }): Promise<File> {
  return dag.file("pr-comment.md", comment(await statusIn(folder), { key, report: url }))
}

/** Tells the channels of tollgate.yaml that a branch failed, or that it passes again. No notification makes it fail. */
export async function ciNotify(source: Directory, { report, before, notify, branch, url }: Told): Promise<string> {
  const status = await readIfThere(report, "--report")
  const earlier = before === undefined ? null : await readIfThere(before, "--before")
  return tellOfRun(await readSettings(source), { status, earlier, branch, url, notify: await notify.plaintext() })
}

async function readIfThere(folder: Directory, place: string) {
  if (!(await folder.exists("status.json"))) return null
  return readStatus(await folder.file("status.json").contents(), place)
}

async function statusIn(folder: Directory) {
  const status = await readIfThere(folder, "--report")
  if (status !== null) return status
  throw new TollgateError(
    "status-missing",
    "--report has no status.json.",
    "Pass the folder that `ci-report` exported. If there is no such folder, `ci-report` itself failed: see its output.",
  )
}

function run(source: Directory, { revision, created, sourceUrl, ...asked }: Asked) {
  return runCi({
    ...asked,
    source,
    usual: new Map(),
    whyNoBase: "--base is not set",
    stamp: stampOf(revision, created, sourceUrl),
  })
}
