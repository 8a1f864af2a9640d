import type { z } from "zod"
import { dependenciesWithSecrets, packageName } from "./dependencies.js"
import { command, containerImage, distinct, folder, mapping, sequence } from "./fields.js"

export const app = mapping("a mapping that says where the service is", {
  path: folder("a path of a folder inside the source")
    .prefault(".")
    .describe("Folder of the service, relative to the source."),
  workdir: folder("a path of a folder, relative to app.path")
    .prefault(".")
    .describe(
      "Folder that the runner and the commands of qa.before work in, relative to app.path. All other paths stay relative to app.path.",
    ),
  image: containerImage
    .prefault("python:3.11-slim")
    .describe("Container image that the suites run in: any Debian image with Python."),
  packages: distinct("a list of Debian packages", packageName)
    .prefault([])
    .describe("Debian packages that the service or its tests need."),
  dependencies: dependenciesWithSecrets(
    "app.dependencies",
    "what the package manager installs by default, and groups called test, dev and the like",
  )
    .prefault({})
    .describe("What is installed once and cached."),
  setup: sequence("a list of shell commands", command)
    .prefault([])
    .describe(
      "Shell commands run once after the dependencies, without the service's source, and cached with them: for what no package manager lists.",
    ),
})

export type AppSettings = z.output<typeof app>
