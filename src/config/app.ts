import { z } from "zod"
import { always, command, containerImage, distinct, entryOf, filePath, folder, mapping, sequence, text, textsIn, withHint } from "./fields.js"
import { quoted } from "./problem.js"

const packageName = text(
  "a name of a Debian package such as chromium or libpq5",
  /^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/,
)

const REQUIREMENTS = /\.(txt|in)$/
const REFERENCE = /(?:^|\s)(?:-r|-c|--requirement|--constraint)(?:\s+|=)(["']?)([^\s"';&|]+)\1/g

/** Only the listed files are there while the dependencies are installed: the cache depends on nothing else. */
function installCanWork(dependencies: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const files = textsIn(entryOf(dependencies, "files"))
  const install = entryOf(dependencies, "install")
  if (install === undefined) {
    for (const [index, file] of files) {
      if (REQUIREMENTS.test(file)) continue
      const message = withHint(
        "is not a requirements file, and app.dependencies.install does not say how to install it",
        'for example  install: ["pip install ."]',
      )
      context.addIssue({ code: "custom", path: ["files", index], message })
    }
    return
  }
  const listed = new Set(files.map(([, file]) => file))
  for (const [index, line] of textsIn(install)) {
    for (const [, , file = ""] of line.matchAll(REFERENCE)) {
      if (listed.has(file.replace(/^(\.\/)+/, "")) || /^(\/|\$|[a-z+]+:)/.test(file)) continue
      const message = withHint(
        `reads ${quoted(file)}, which is not there when dependencies are installed`,
        `add ${quoted(file)} to app.dependencies.files`,
      )
      context.addIssue({ code: "custom", path: ["install", index], message })
    }
  }
}

const dependencies = mapping("a mapping with files and install", {
  files: distinct("a list of files", filePath("a path of a file, relative to app.path"))
    .prefault(["requirements.txt"])
    .describe("Every file that the installation reads, relative to app.path. Dependencies are installed again only when one of these, or a command, changes."),
  install: sequence("a list of shell commands", command)
    .optional()
    .describe("Shell commands that install the dependencies. When left out: one `pip install -r` for each of the files."),
})
  .superRefine(installCanWork, always)
  .transform(({ files, install }) => ({ files, install: install ?? files.map((file) => `pip install -r ${file}`) }))

export const app = mapping("a mapping that says where the service is", {
  path: folder("a path of a folder inside the source")
    .prefault(".")
    .describe("Folder of the service, relative to the source."),
  image: containerImage.prefault("python:3.11-slim").describe("Container image that the suites run in: any Debian image with Python."),
  packages: distinct("a list of Debian packages", packageName)
    .prefault([])
    .describe("Debian packages that the service or its tests need."),
  dependencies: dependencies.prefault({}).describe("What is installed once and cached."),
  setup: sequence("a list of shell commands", command)
    .prefault([])
    .describe("Shell commands run once after the dependencies, without the service's source, and cached with them: for what no package manager lists."),
})

export type AppSettings = z.output<typeof app>
