import type { Directory, Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../environment/check.js"
import { readSettings } from "../source.js"
import { checkEcpay } from "./check.js"
import type { EcpayResult } from "./result.js"

/** Runs check-ecpay for a source and its secrets. */
export async function proveEcpay(source: Directory, environment: string, secrets: Secret): Promise<EcpayResult> {
  const settings = await readSettings(source)
  // an unknown environment is reported before any vault is read
  environmentSettings(settings, environment)
  return checkEcpay(settings, environment, await secrets.plaintext())
}
