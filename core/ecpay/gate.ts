import { GateFailed } from "../gate/failed.js"
import type { GateWork } from "../gate/gate.js"

/** ECPay's credentials of an environment. */
export const ecpay: GateWork<"ecpay"> = {
  deploy: async ({ environment, secrets }, settings) => {
    const { environmentSettings } = await import("../environment/check.js")
    const { variables } = environmentSettings(settings, environment)
    if (secrets === null || !variables.some(({ name }) => name === "ECPAY_HASH_KEY"))
      return { kind: "skipped", note: "this environment has no ECPay credentials of its own" }
    const [{ checkEcpay }, { ecpayScreen }] = await Promise.all([import("./check.js"), import("./screen.js")])
    const result = await checkEcpay(settings, environment, await secrets())
    if (result.verdict.kind === "failed") throw new GateFailed("ecpay", ecpayScreen(result))
    return { kind: "done", note: `${result.endpoint} answered, signed with the same key` }
  },
}
