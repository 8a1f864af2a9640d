import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { dag } from "@dagger.io/dagger"
import type { z } from "zod"
import { ciReport } from "../../core/ci/folder.js"
import type { Saved } from "../../core/ci/plan.js"
import { runCi } from "../../core/ci/run.js"
import { ciScreen } from "../../core/ci/screen.js"
import type { Status } from "../../core/ci/status.js"
import { usualTimes } from "../../core/ci/times.js"
import { ciGates } from "../../core/config/gates.js"
import { TollgateError } from "../../core/shared/errors.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import { stampFor } from "../image/stamp.js"
import type { ciOptions } from "../options/gates.js"
import { baseOf } from "./base.js"
import { RunTimes } from "./history.js"
import type { RecordedRun } from "./record-run.js"
import { showingProgress } from "./show-progress.js"

type CiOptions = z.output<typeof ciOptions>

/** True when the run passed, and under --watch when it was ended while it waited for a save. */
export async function runCiCommand(options: CiOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  const { ledger, watch } = options
  if (watch) {
    if (ledger !== undefined)
      throw new TollgateError(
        "watch-ledger",
        "--watch and --ledger cannot be combined: what is saved meanwhile belongs to no commit.",
        "Nothing was run. Leave out one of them.",
      )
    const [{ SavedFiles }, { runAfterSaves }] = await Promise.all([import("./saved-files.js"), import("./watch.js")])
    const files = await SavedFiles.in(source, options.report)
    await runAfterSaves(files, (saved) => runOnce(source, options, { saved }))
    return true
  }
  if (ledger === undefined) return (await runOnce(source, options)).verdict === "passed"
  const { recording } = await import("./record-run.js")
  return await recording(
    { ...options, ledger },
    source,
    async (record) => (await runOnce(source, options, { record })).verdict === "passed",
  )
}

interface OneRun {
  saved?: Saved | undefined
  /** Says whether the run was recorded. */
  record?: (run: RecordedRun) => Promise<string>
}

/** Runs the gates, writes the report and prints the screen. */
async function runOnce(source: string, options: CiOptions, { saved, record }: OneRun = {}): Promise<Status> {
  const report = openReport(options.report, "status.json", "index.html")
  const baseline = options.baseline === undefined ? null : requireStatus(options.baseline)
  const times = new RunTimes(source)
  const stamp = stampFor(source, options)
  const base = baseOf(source, options.base)
  return withEngine({ tools: ciGates.flatMap(({ tools }) => [...tools]) }, async () => {
    const run = await showingProgress((onChange) =>
      runCi({
        source: hostSource(source),
        base: base.kind === "folder" ? hostSource(base.folder) : undefined,
        whyNoBase: base.kind === "unknown" ? base.why : "",
        baseline: baseline === null ? undefined : dag.host().directory(baseline),
        usual: usualTimes(times.read()),
        failFast: options.failFast,
        secrets: optionalSecret(options.secrets),
        stamp,
        ...(onChange === undefined ? {} : { onChange }),
        ...(saved === undefined ? {} : { saved }),
      }),
    )
    times.add(run.status)
    const { key, url, commentWhenChanged } = options
    await report.write(() => ciReport(run, { key, url, comment: commentWhenChanged ? "changed" : "always" }))
    process.stdout.write(`\n${ciScreen(run.status, { report: report.shown, usual: run.usual })}`)
    const folder = options.report === false ? null : resolve(options.report)
    if (record !== undefined) process.stderr.write(`${await record({ status: run.status, report: folder })}\n`)
    return run.status
  })
}

/** Checked before the run, because its report may replace this one. */
function requireStatus(folder: string): string {
  if (existsSync(join(folder, "status.json"))) return folder
  throw new TollgateError(
    "baseline-missing",
    `--baseline: there is no status.json in ${folder}.`,
    "Nothing was run. Pass the folder of an earlier report of `tollgate ci`, or leave out --baseline.",
  )
}
