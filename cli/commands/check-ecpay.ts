import { checkEcpayOptions } from "../options/environment.js"
import { command } from "./command.js"

export const checkEcpay = command({
  name: "check-ecpay",
  describe: "Check an environment's ECPay credentials with a signed read-only query",
  options: checkEcpayOptions,
  examples: [["$0 check-ecpay --env=staging --secrets=file:staging.env", "query ECPay's test environment"]],
  run: async (options) => (await import("../environment/run-check-ecpay.js")).runCheckEcpay(options),
})
