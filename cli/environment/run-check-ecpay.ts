import type { z } from "zod"
import { checkEcpay } from "../../core/ecpay/check.js"
import { ecpayScreen } from "../../core/ecpay/screen.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { checkEcpayOptions } from "../options/environment.js"
import { readLocalSource } from "./read-settings.js"
import { secretText } from "./secret-text.js"
import { writeJson } from "./write-json.js"

/** Queries ECPay and prints the screen; true when the credentials passed. */
export async function runCheckEcpay(options: z.output<typeof checkEcpayOptions>): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  environmentSettings(settings, options.env)
  const result = await checkEcpay(settings, options.env, await secretText(options.secrets, "--secrets"))
  if (options.report !== undefined) writeJson(options.report, result)
  process.stdout.write(ecpayScreen(result))
  return result.verdict.kind === "passed"
}
