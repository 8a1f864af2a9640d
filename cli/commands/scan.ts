import type { CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

export const scan: CommandModule = {
  command: "scan",
  describe: "Look for vulnerabilities, secrets and misconfiguration in image, lockfiles and repository",
  builder: (yargs) =>
    imageStamp(yargs)
      .option("fresh", { type: "boolean", default: false, describe: "download the vulnerability database again, even if it was in the last hours" })
      .option("baseline", { type: "string", describe: "scan.json of an earlier report: what is new since, and what is gone" })
      .option("report", reportFolder("tollgate-report/scan"))
      .example("$0 scan --fresh", "with the newest vulnerability database")
      .example("$0 scan --baseline=main/scan.json", "say what is new since another scan"),
  handler: async (given) => {
    const { runScan, scanOptions } = await import("../scan/run-scan.js")
    if (!(await runScan(scanOptions.parse(given)))) process.exitCode = 1
  },
}
