import { publishOptions } from "../options/gates.js"
import { command } from "./command.js"

export const publish = command({
  name: "publish",
  describe: "Build and check the image, and push it to the registry of image.name",
  options: publishOptions,
  examples: [["$0 publish --tag=v1.4.0 --registry-user=acme-bot --registry-password=env:REGISTRY_TOKEN", ""]],
  run: async (options) => (await import("../image/run-publish.js")).runPublish(options),
})
