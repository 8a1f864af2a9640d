import type { Container, Directory, File } from "@dagger.io/dagger"
import { forTools } from "../app/python/caches.js"
import { coverageLines } from "../qa/combine.js"
import type { QaRun } from "../qa/run.js"
import { TollgateError } from "../shared/errors.js"
import { quotedTail } from "../shared/quoted-tail.js"
import { runProgram } from "../shared/run-program.js"
import { gitPatch } from "./git-patch.js"
import { type PatchReport, readPatchReport } from "./judge.js"

/** With all that it needs. */
const DIFF_COVER = [
  "diff-cover==11.0.1",
  "chardet==7.7.0",
  "Jinja2==3.1.6",
  "MarkupSafe==3.0.4",
  "pluggy==1.7.0",
  "Pygments==2.21.0",
]
const PLACE = "/patch"

/** Tells diff-cover, which asks git for it, where the files are: beside the diff, without a repository. */
const GIT = `#!/bin/sh\npwd\n`

export interface PatchRun {
  report: PatchReport
  /** diff-cover's own page. */
  page: File
}

/**
 * Compares what the suites covered with what a change touched. The change is the difference of two folders, so that it is the same in
 * a shallow clone, and a change that is not committed counts.
 *
 * @param app the app's folder
 * @param base the same folder before the change
 */
export async function patchCoverage(app: Directory, base: Directory, qa: QaRun): Promise<PatchRun> {
  if (qa.coverage === null)
    throw new TollgateError(
      "patch-coverage-missing",
      "The suites left no coverage to compare with the change.",
      "Fix the gate test first: its report says why coverage is missing.",
    )
  const container = tools()
    .withWorkdir(`${PLACE}/source`)
    .withDirectory(".", app)
    .withNewFile(`${PLACE}/change.diff`, gitPatch(await app.changes(base).asPatch().contents()))
    .withFile(`${PLACE}/lcov.info`, coverageLines(qa.coverage, qa.settings.qa.interpreter))
  const { code, err, after } = await runProgram(container, [
    "diff-cover",
    `${PLACE}/lcov.info`,
    `--diff-file=${PLACE}/change.diff`,
    `--format=json:${PLACE}/patch.json,html:${PLACE}/report.html`,
    "--quiet",
  ])
  if (code !== 0 || after === null)
    throw new TollgateError(
      "patch-coverage-broken",
      [`diff-cover ended with ${code}:`, ...quotedTail(err, 5)].join("\n"),
      "Run the gate again with --debug, and open an issue with this output.",
    )
  return {
    report: readPatchReport(await after.file(`${PLACE}/patch.json`).contents()),
    page: after.file(`${PLACE}/report.html`),
  }
}

function tools(): Container {
  return forTools("python:3.11-slim")
    .withExec(["pip", "install", "--quiet", "--no-deps", ...DIFF_COVER])
    .withNewFile("/usr/local/bin/git", GIT, { permissions: 0o755 })
}
