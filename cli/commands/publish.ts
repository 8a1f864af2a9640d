import type { CommandModule } from "yargs"
import { imageStamp, reportFolder } from "./arguments.js"

export const publish: CommandModule = {
  command: "publish",
  describe: "Build and check the image, and push it to the registry of image.name",
  builder: (yargs) =>
    imageStamp(yargs)
      .option("tag", { type: "string", demandOption: true, describe: "tag to publish under" })
      .option("registry-user", { type: "string", describe: "user of the registry  [default: image.registry.user]" })
      .option("registry-password", {
        type: "string",
        describe: "password or token of the registry: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("registry-service", {
        type: "string",
        describe: "a registry that only this machine can reach: tcp://HOST:PORT",
      })
      .option("report", reportFolder("tollgate-report/image"))
      .example("$0 publish --tag=v1.4.0 --registry-user=acme-bot --registry-password=env:REGISTRY_TOKEN", ""),
  handler: async (given) => {
    const { publishOptions, runPublish } = await import("../image/run-publish.js")
    if (!(await runPublish(publishOptions.parse(given)))) process.exitCode = 1
  },
}
