import type { Directory, File } from "@dagger.io/dagger"
import { requirePassed } from "../gate/failed.js"
import { stampOf } from "../image/stamp.js"
import { runId } from "../qa/run-id.js"
import { scanReport as report } from "../scan/folder.js"
import { scanSource } from "../scan/prove.js"
import { scanPassed } from "../scan/result.js"
import { scanScreen } from "../scan/screen.js"
import type { Built } from "./image.js"

interface Asked extends Built {
  baseline: File | undefined
}

export async function scan(source: Directory, { fresh, ...asked }: Asked & { fresh: boolean }): Promise<string> {
  const run = fresh ? runId(new Date()) : ""
  const { result } = await scanned(source, { ...asked, run })
  return requirePassed("scan", scanPassed(result), scanScreen(result, { report: reportCommand(run) }))
}

export async function scanReport(source: Directory, asked: Asked & { run: string }): Promise<Directory> {
  return report(await scanned(source, asked))
}

async function scanned(
  source: Directory,
  { baseline, revision, created, sourceUrl, secrets, run }: Asked & { run: string },
) {
  const stamp = stampOf(revision, created, sourceUrl)
  return scanSource(source, { run, baseline: (await baseline?.contents()) ?? null, stamp, secrets, now: new Date() })
}

function reportCommand(run: string): string {
  const named = run === "" ? "" : ` --run=${run}`
  return `dagger call scan-report${named} export --path=tollgate-report/scan`
}
