import type { Argv, CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

function checked(yargs: Argv): Argv {
  return imageStamp(yargs)
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
}

export const build: CommandModule = {
  command: "build",
  describe: "Build the image, check it like check-image, and write it with --out",
  builder: (yargs) =>
    checked(yargs)
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "file for the image, for `docker load`: written if it passed",
      })
      .example("$0 build --out=image.tar", "the checked image as a file")
      .example("$0 build --twice", "check whether the build is reproducible"),
  handler: async (given) => {
    const { buildOptions, runBuild } = await import("../image/run-build.js")
    if (!(await runBuild(buildOptions.parse(given)))) process.exitCode = 1
  },
}

export const checkImage: CommandModule = {
  command: "check-image",
  describe: "Build the image, start its service, and check it: user, size, secrets, health",
  builder: (yargs) => checked(yargs).example("$0 check-image --twice", "check whether the build is reproducible"),
  handler: async (given) => {
    const { checkImageOptions, runBuild } = await import("../image/run-build.js")
    if (!(await runBuild(checkImageOptions.parse(given)))) process.exitCode = 1
  },
}
