import type { Directory, Secret } from "@dagger.io/dagger"
import { proveEcpay } from "../ecpay/prove.js"
import { ecpayScreen } from "../ecpay/screen.js"
import { requirePassed } from "../gate/failed.js"

export async function checkEcpay(
  source: Directory,
  { env, secrets }: { env: string; secrets: Secret },
): Promise<string> {
  const result = await proveEcpay(source, env, secrets)
  return requirePassed("ecpay", result.verdict.kind === "passed", ecpayScreen(result))
}
