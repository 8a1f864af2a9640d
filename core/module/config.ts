import type { Directory, Secret } from "@dagger.io/dagger"
import { proveConfig } from "../environment/prove.js"
import { configScreen } from "../environment/screen.js"
import { requirePassed } from "../gate/failed.js"

export async function checkConfig(
  source: Directory,
  { env, secrets, against }: { env: string; secrets: Secret; against: Secret | undefined },
): Promise<string> {
  const result = await proveConfig(source, env, secrets, against)
  return requirePassed(
    "config",
    result.verdict.kind === "passed",
    configScreen(result, { report: "`tollgate check-config --report=FILE` writes the full report" }),
  )
}
