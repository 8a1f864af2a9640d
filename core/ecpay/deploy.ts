import { environmentSettings } from "../environment/check.js"
import { GateFailed } from "../gate/failed.js"
import type { DeployWork } from "../gate/work.js"
import { checkEcpay } from "./check.js"
import { ecpayScreen } from "./screen.js"

export const deployWork: DeployWork = async ({ environment, secrets }, settings) => {
  const { variables } = environmentSettings(settings, environment)
  if (secrets === null || !variables.some(({ name }) => name === "ECPAY_HASH_KEY"))
    return { kind: "skipped", note: "this environment has no ECPay credentials of its own" }
  const result = await checkEcpay(settings, environment, await secrets())
  if (result.verdict.kind === "failed") throw new GateFailed("ecpay", ecpayScreen(result))
  return { kind: "done", note: `${result.endpoint} answered, signed with the same key` }
}
