import type { z } from "zod"
import { always, command, distinct, entryOf, filePath, mapping, sequence, text, textsIn, withHint } from "./fields.js"
import { quoted } from "./problem.js"

export const packageName = text(
  "a name of a Debian package such as chromium or libpq5",
  /^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/,
)

const REQUIREMENTS = /\.(txt|in)$/
const REFERENCE = /(?:^|\s)(?:-r|-c|--requirement|--constraint)(?:\s+|=)(["']?)([^\s"';&|]+)\1/g

/** Only the listed files are there while the dependencies are installed: the cache depends on nothing else. */
function installCanWork(place: string, dependencies: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const files = textsIn(entryOf(dependencies, "files"))
  const install = entryOf(dependencies, "install")
  if (install === undefined) {
    for (const [index, file] of files) {
      if (REQUIREMENTS.test(file)) continue
      const message = withHint(
        `is not a requirements file, and ${place}.install does not say how to install it`,
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
        `add ${quoted(file)} to ${place}.files`,
      )
      context.addIssue({ code: "custom", path: ["install", index], message })
    }
  }
}

/** @param place where in tollgate.yaml this stands, for its errors */
export const dependencies = (place: string) => mapping("a mapping with files and install", {
  files: distinct("a list of files", filePath("a path of a file, relative to app.path"))
    .prefault(["requirements.txt"])
    .describe("Every file that the installation reads, relative to app.path. Dependencies are installed again only when one of these, or a command, changes."),
  install: sequence("a list of shell commands", command)
    .optional()
    .describe("Shell commands that install the dependencies. When left out: one `pip install -r` for each of the files."),
})
  .superRefine((given, context) => installCanWork(place, given, context), always)
  .transform(({ files, install }) => ({ files, install: install ?? files.map((file) => `pip install -r ${file}`) }))
