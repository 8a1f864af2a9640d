import type { CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

export const build: CommandModule = {
  command: "build",
  describe: "Build the image, and prove that it works and that nothing is in it that must not be",
  builder: (yargs) =>
    imageStamp(yargs)
      .option("fresh", { type: "boolean", default: false, describe: "start the service again even if the same image was seen to work before" })
      .option("twice", { type: "boolean", default: false, describe: "build a second time from nothing, and say whether it gave the same bytes" })
      .option("report", reportFolder("tollgate-report/image"))
      .example("$0 build --twice", "is the build reproducible?"),
  handler: async (given) => {
    const { buildOptions, runBuild } = await import("../image/run-build.js")
    if (!(await runBuild(buildOptions.parse(given)))) process.exitCode = 1
  },
}
