import type { CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

export const build: CommandModule = {
  command: "build",
  describe: "Build the image, start its service, and check it: user, size, secrets, health",
  builder: (yargs) =>
    imageStamp(yargs)
      .option("fresh", {
        type: "boolean",
        default: false,
        describe: "start the service again, even if the same image passed before",
      })
      .option("twice", {
        type: "boolean",
        default: false,
        describe: "build a second time without cache, and check whether the image is the same",
      })
      .option("report", reportFolder("tollgate-report/image"))
      .example("$0 build --twice", "check whether the build is reproducible"),
  handler: async (given) => {
    const { buildOptions, runBuild } = await import("../image/run-build.js")
    if (!(await runBuild(buildOptions.parse(given)))) process.exitCode = 1
  },
}
