import type { CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

export const scan: CommandModule = {
  command: "scan",
  describe: "Scan the image, the lockfiles and the repository for vulnerabilities, secrets and misconfiguration",
  builder: (yargs) =>
    imageStamp(yargs)
      .option("fresh", {
        type: "boolean",
        default: false,
        describe: "download the vulnerability database again, even if it was downloaded in the last six hours",
      })
      .option("baseline", {
        type: "string",
        describe: "scan.json of an earlier report, to show what is new and what is gone",
      })
      .option("report", reportFolder("tollgate-report/scan"))
      .example("$0 scan --fresh", "use the newest vulnerability database")
      .example("$0 scan --baseline=main/scan.json", "show what is new since an earlier scan"),
  handler: async (given) => {
    const { runScan, scanOptions } = await import("../scan/run-scan.js")
    if (!(await runScan(scanOptions.parse(given)))) process.exitCode = 1
  },
}
