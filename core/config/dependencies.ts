import { z } from "zod"
import {
  always,
  command,
  distinct,
  entryOf,
  expected,
  filePath,
  mapping,
  sequence,
  text,
  textsIn,
  withHint,
} from "./fields.js"
import { quoted } from "./problem.js"

/** The package managers that are known. */
export const MANAGERS = ["uv", "poetry", "pdm", "pipenv", "pip", "pyproject"] as const
export type ManagerName = (typeof MANAGERS)[number]

export const packageName = text(
  "a name of a Debian package such as chromium or libpq5",
  /^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/,
)

/** What commands find beside them when no files are listed. */
export const USUAL_FILE = "requirements.txt"

const REQUIREMENTS = /\.(txt|in)$/
const REFERENCE = /(?:^|\s)(?:-r|-c|--requirement|--constraint)(?:\s+|=)(["']?)([^\s"';&|]+)\1/g

/** Only the listed files are there while the dependencies are installed: the cache depends on nothing else. */
function installCanWork(place: string, dependencies: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const named = entryOf(dependencies, "files")
  const files = textsIn(named === undefined ? [USUAL_FILE] : named)
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

const part = (what: string) => text(what, /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/)

const keys = (detected: string) => ({
  manager: z
    .enum(MANAGERS, { error: expected(`one of ${MANAGERS.join(", ")}`) })
    .optional()
    .describe(
      "Package manager whose files are read; no effect beside files or install. When left out: the one of the nearest lockfile or requirements file, in the app's folder or above it.",
    ),
  files: distinct("a list of files", filePath("a path of a file, relative to app.path"))
    .optional()
    .describe(
      "Every file that the installation reads, relative to app.path. When left out: detected, with the files that they refer to. Dependencies are installed again only when one of these, or a command, changes.",
    ),
  install: sequence("a list of shell commands", command)
    .optional()
    .describe(
      "Shell commands that install the dependencies. When left out: what the package manager's files say; of listed files, one `pip install` with all of them.",
    ),
  groups: distinct("a list of groups", part("a name of a dependency group"))
    .optional()
    .describe(`Dependency groups that are installed; no effect beside files or install. When left out: ${detected}.`),
  extras: distinct("a list of extras", part("a name of an extra"))
    .optional()
    .describe(
      "Extras of the project that are installed; no effect beside files or install. When left out: those called test, dev and the like for the suites, none for the image.",
    ),
  project: z
    .boolean({ error: expected("true or false") })
    .optional()
    .describe(
      "Whether the project itself is installed, editable, once its source is there. When left out: where it says how it is built.",
    ),
})

/** @param place where in tollgate.yaml this stands, for its errors */
export const dependencies = (place: string, detected: string) =>
  mapping("a mapping with files and install", keys(detected))
    .superRefine((given, context) => installCanWork(place, given, context), always)
    .transform(filled)

/** The same with the names of secrets that the installation needs. */
export const dependenciesWithSecrets = (place: string, detected: string) =>
  mapping("a mapping with files and install", {
    ...keys(detected),
    secrets: distinct(
      "a list of names of environment variables",
      text("a name of an environment variable", /^(?!TOLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/),
    )
      .prefault([])
      .describe(
        "Names that --secrets must hold; each is an environment variable of what installs, and of nothing else. NETRC is a netrc file.",
      ),
  })
    .superRefine((given, context) => installCanWork(place, given, context), always)
    .transform((given) => ({ ...filled(given), secrets: given.secrets }))

interface Given {
  manager?: ManagerName | undefined
  files?: string[] | undefined
  install?: string[] | undefined
  groups?: string[] | undefined
  extras?: string[] | undefined
  project?: boolean | undefined
}

/** Both null: the repository says how. */
function filled({ files, install, manager, groups, extras, project }: Given) {
  return { manager, groups, extras, project, files: files ?? null, install: install ?? null }
}

export type DependencySettings = ReturnType<typeof filled>
