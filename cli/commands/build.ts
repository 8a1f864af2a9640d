import { buildOptions, checkImageOptions } from "../options/gates.js"
import { command } from "./command.js"

export const checkImage = command({
  name: "check-image",
  describe: "Build the image, start its service, and check it: user, size, secrets, health",
  options: checkImageOptions,
  examples: [["$0 check-image --twice", "check whether the build is reproducible"]],
  run: async (options) => (await import("../image/run-build.js")).runBuild(options),
})

export const build = command({
  name: "build",
  describe: "Build the image, check it like check-image, and write it with --out",
  options: buildOptions,
  examples: [["$0 build --out=image.tar", "the checked image as a file"]],
  run: async (options) => (await import("../image/run-build.js")).runBuild(options),
})
