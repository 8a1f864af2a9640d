import type { Directory, Secret } from "@dagger.io/dagger"
import { requirePassed } from "../gate/failed.js"
import { proveSource } from "../qa/prove.js"
import { isProven } from "../qa/result.js"
import { runId } from "../qa/run-id.js"
import { validateListedFiles } from "../qa/validate.js"
import { qaReport } from "../report/folder.js"
import { summary } from "../report/summary.js"
import { appFolder, readSettings } from "../source.js"

interface Asked {
  suites: string[]
  secrets: Secret | undefined
}

export async function test(source: Directory, { suites, fresh, secrets }: Asked & { fresh: boolean }): Promise<string> {
  const run = fresh ? runId(new Date()) : ""
  const { result } = await proveSource(source, { suites, run, secrets })
  return requirePassed("qa", isProven(result), summary(result, { report: reportCommand(suites, run) }))
}

export async function testReport(source: Directory, asked: Asked & { run: string }): Promise<Directory> {
  return qaReport(await proveSource(source, asked))
}

export async function validate(source: Directory): Promise<string> {
  const settings = await readSettings(source)
  return validateListedFiles(settings, await appFolder(source, settings))
}

function reportCommand(suites: string[], run: string): string {
  const chosen = suites.length > 0 ? ` --suites=${suites.join(",")}` : ""
  const named = run === "" ? "" : ` --run=${run}`
  return `dagger call test-report${chosen}${named} export --path=tollgate-report`
}
