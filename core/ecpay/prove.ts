import type { Directory, Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../environment/check.js"
import { readSettings } from "../source.js"
import { checkEcpay } from "./check.js"
import type { EcpayResult } from "./result.js"

/** From a repository and secrets to a verdict on ECPay. */
export async function proveEcpay(source: Directory, environment: string, secrets: Secret): Promise<EcpayResult> {
  const settings = await readSettings(source)
  // a wrong name is told before a vault is asked
  environmentSettings(settings, environment)
  return checkEcpay(settings, environment, await secrets.plaintext())
}
