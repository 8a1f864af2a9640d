import type { CommandModule } from "yargs"

export const checkEcpay: CommandModule = {
  command: "check-ecpay",
  describe: "Check one environment's ECPay credentials by a signed query that moves nothing",
  builder: (yargs) =>
    yargs
      .option("source", {
        type: "string",
        describe: "the repository: the folder that has tollgate.yaml  [default: here or the nearest above]",
      })
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "staging, production, or another one of tollgate.yaml",
      })
      .option("secrets", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "its configuration in dotenv form: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("report", { type: "string", requiresArg: true, describe: "file to write all of it to, as JSON" })
      .example("$0 check-ecpay --env=staging --secrets=file:staging.env", "ask ECPay's test environment"),
  handler: async (given) => {
    const { runCheckEcpay, checkEcpayOptions } = await import("../environment/run-check-ecpay.js")
    if (!(await runCheckEcpay(checkEcpayOptions.parse(given)))) process.exitCode = 1
  },
}
