import type { Directory, Secret } from "@dagger.io/dagger"
import { requirePassed } from "../gate/failed.js"
import { loadReport as report } from "../load/folder.js"
import { proveLoad } from "../load/prove.js"
import { isKept } from "../load/result.js"
import { loadScreen } from "../load/screen.js"
import { runId } from "../qa/run-id.js"

interface Asked {
  scenarios: string[]
  url: string
  confirm: string
  secrets: Secret | undefined
}

export async function loadTest(source: Directory, asked: Asked): Promise<string> {
  const run = runId(new Date())
  const { result } = await proveLoad(source, { ...asked, run })
  return requirePassed("load", isKept(result), loadScreen(result, { report: reportCommand(asked, run) }))
}

export async function loadReport(source: Directory, asked: Asked & { run: string }): Promise<Directory> {
  return report(await proveLoad(source, { ...asked, run: asked.run === "" ? runId(new Date()) : asked.run }))
}

function reportCommand({ scenarios, url, confirm }: Asked, run: string): string {
  const chosen = scenarios.length > 0 ? ` --scenarios=${scenarios.join(",")}` : ""
  const where = url === "" ? "" : ` --url=${url}${confirm === "" ? "" : ` --confirm=${confirm}`}`
  return `dagger call load-report --run=${run}${chosen}${where} export --path=tollgate-report/load`
}
