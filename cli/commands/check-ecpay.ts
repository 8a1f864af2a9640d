import type { CommandModule } from "yargs"
import { oneEnvironment, reportFile } from "./arguments.js"

export const checkEcpay: CommandModule = {
  command: "check-ecpay",
  describe: "Check an environment's ECPay credentials with a signed read-only query",
  builder: (yargs) =>
    oneEnvironment(yargs)
      .option("report", reportFile)
      .example("$0 check-ecpay --env=staging --secrets=file:staging.env", "query ECPay's test environment"),
  handler: async (given) => {
    const { runCheckEcpay, checkEcpayOptions } = await import("../environment/run-check-ecpay.js")
    if (!(await runCheckEcpay(checkEcpayOptions.parse(given)))) process.exitCode = 1
  },
}
