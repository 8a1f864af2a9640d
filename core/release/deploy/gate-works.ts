import type { DeployGate } from "../../config/gates.js"
import type { DeployWork } from "../../gate/work.js"

/** What each gate does before a deployment. It is loaded when it runs: an environment need not require it. */
export const works: { readonly [Gate in DeployGate]: () => Promise<{ deployWork: DeployWork }> } = {
  config: () => import("../../environment/deploy.js"),
  test: () => import("../../report/deploy.js"),
  scan: () => import("../../scan/deploy.js"),
  ecpay: () => import("../../ecpay/deploy.js"),
}
