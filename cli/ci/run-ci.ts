import { existsSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { z } from "zod"
import { ciReport } from "../../core/ci/folder.js"
import type { Saved } from "../../core/ci/plan.js"
import { type CiRun, runCi } from "../../core/ci/run.js"
import { ciScreen } from "../../core/ci/screen.js"
import { usualTimes } from "../../core/ci/times.js"
import { TollgateError } from "../../core/shared/errors.js"
import { withEngine } from "../engine/connect.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { gateOptions } from "../gate/options.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret } from "../gate/secret.js"
import { stampFor, stampOptions } from "../image/stamp.js"
import { onFirstSignal } from "../signals.js"
import { baseOf } from "./base.js"
import { RunTimes } from "./history.js"
import { showingProgress } from "./show-progress.js"
import { SavedFiles } from "./watch.js"

export const ciOptions = gateOptions.extend({
  ...stampOptions.shape,
  base: z.string().optional(),
  baseline: z.string().optional(),
  failFast: z.boolean(),
  key: z.string(),
  url: z.string(),
  quiet: z.boolean(),
  watch: z.boolean(),
})

type CiOptions = z.infer<typeof ciOptions>

/** Runs the gates, writes the report and prints the screen; true when the run passed, and under --watch when watching ended. */
export async function runCiCommand(options: CiOptions): Promise<boolean> {
  const source = findSource(options.source, process.cwd())
  return options.watch ? watchCi(source, options) : (await runOnce(source, options)).status.verdict === "passed"
}

async function runOnce(source: string, options: CiOptions, saved?: Saved): Promise<CiRun> {
  const report = openReport(options.report, "status.json", "index.html")
  const baseline = options.baseline === undefined ? null : requireStatus(options.baseline)
  const times = new RunTimes(source)
  const stamp = stampFor(source, options)
  const base = baseOf(source, options.base)
  return withEngine({ tools: ["trivy", "k6"] }, async () => {
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
    const { key, url, quiet } = options
    await report.write(() => ciReport(run, { key, url, comment: quiet ? "changed" : "always" }))
    process.stdout.write(`\n${ciScreen(run.status, { report: report.shown, usual: run.usual })}`)
    return run
  })
}

/** Runs again after each save. A gate that throws only ends its own run: the next save may be what fixes it. */
async function watchCi(source: string, options: CiOptions): Promise<true> {
  const files = new SavedFiles(source, options.report)
  const stop = new AbortController()
  let passed: ReadonlySet<string> = new Set()
  let saved: readonly string[] | null = []
  try {
    for (let first = true; saved !== null; first = false) {
      onFirstSignal(null)
      passed = await passedAfter(source, options, first ? null : { files: saved, passed })
      onFirstSignal(() => stop.abort())
      process.stderr.write("\nWaiting for a save. Ctrl-C ends.\n")
      saved = await files.next(stop.signal)
      if (saved !== null)
        process.stderr.write(
          `\nSaved: ${saved.slice(0, 5).join(", ")}${saved.length > 5 ? ` and ${saved.length - 5} more` : ""}\n`,
        )
    }
    return true
  } finally {
    files.close()
  }
}

async function passedAfter(source: string, options: CiOptions, saved: Saved | null): Promise<ReadonlySet<string>> {
  try {
    const { status } = await runOnce(source, options, saved ?? undefined)
    const kept = status.gates.filter(({ name, verdict }) => verdict === "skipped" && saved?.passed.has(name) === true)
    return new Set([...status.gates.filter(({ verdict }) => verdict === "passed"), ...kept].map(({ name }) => name))
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    return new Set()
  }
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
