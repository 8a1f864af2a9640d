import { z } from "zod"
import { dependencies, packageName } from "./dependencies.js"
import {
  always,
  command,
  distinct,
  duration,
  entryOf,
  expected,
  filePath,
  folder,
  hostProblem,
  keysOf,
  mapping,
  named,
  pathGlob,
  sequence,
  text,
  variables,
  withHint,
} from "./fields.js"
import { port } from "./port.js"
import { quoted } from "./problem.js"
import { serviceNames, services } from "./services.js"
import { placeholdersAreKnown } from "./template.js"

const UNITS: Record<string, number> = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }
const sizePattern = /^(?=.*[1-9])\d+(?:\.\d+)?(?:[kMG]B|[KMG]iB)$/

function toBytes(size: string): number {
  const [, amount = "0", unit = ""] = /^([\d.]+)(\D+)$/.exec(size) ?? []
  return Math.round(Number(amount) * (UNITS[unit] ?? 0))
}

/** Written as 500MB or 1.5GiB; bytes from here on. */
const size = text("a size such as 500MB or 1.5GB", sizePattern, (input) => {
  const [, amount, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input)) ?? []
  if (amount === undefined || Number(amount) === 0) return null
  const known = Object.keys(UNITS).find((one) =>
    [one, one.replace("B", "")].some((spelling) => spelling.toLowerCase() === unit.toLowerCase()),
  )
  return `write ${amount}${known ?? "MB"}`
}).transform(toBytes)

// what a registry accepts as a repository, with a host that has a dot, a port or is localhost in front, or Docker Hub's short form
const namePattern =
  /^(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/

const imageName = text("a name of an image, without a tag, such as ghcr.io/acme/payments", namePattern, (input) => {
  if (typeof input !== "string") return null
  if (/^https?:\/\//.test(input)) return `leave the scheme out: ${quoted(input.replace(/^https?:\/\//, ""))}`
  if (/@sha256:|:[\w.-]+$/.test(input)) return "leave the tag out: it is given when the image is published"
  if (/[A-Z]/.test(input)) return `write it in lower case: ${quoted(input.toLowerCase())}`
  return null
}).superRefine((written, context) => {
  // the reference of Docker and the registries: all of it, and the host in front of the first /
  if (typeof written !== "string" || !namePattern.test(written)) return
  const [first = "", ...rest] = written.split("/")
  const registry = rest.length > 0 && /[.:]|^localhost$/.test(first) ? hostProblem(first) : null
  if (registry !== null) context.addIssue({ code: "custom", message: `its registry ${registry}` })
  if (written.length > 255)
    context.addIssue({ code: "custom", message: `has ${written.length} characters: a registry takes 255` })
}, always)

const platform = text("a platform such as linux/amd64", /^linux\/[a-z0-9]+(?:\/v\d+)?$/)

const DOCKERFILE_ABOVE =
  "for a Dockerfile above app.path, set image.context to the folder that it is built from, relative to the source; image.dockerfile is relative to that folder"

const healthPath = text("a path such as /health", /^\/[^\s#]*$/, (input) =>
  typeof input === "string" && /^https?:/.test(input)
    ? "give only the path: the host is the image's own container"
    : null,
)

const argumentName = /^[A-Za-z_][A-Za-z0-9_]*$/

const SECRET_ARGUMENT = /pass|secret|token|credential|private|(^|_)key$|api_?key/i

const PASSWORD_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(?![$<{])[^\s/@]+@/i

/** Everyone who can pull an image can read what it was built with. */
function buildArgsAreNoSecrets(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  for (const name of keysOf(value)) {
    const written = entryOf(value, name)
    const password = typeof written === "string" && PASSWORD_IN_URL.test(written)
    if (!SECRET_ARGUMENT.test(name) && !password) continue
    const message = withHint(
      `${password ? "has a password in its URL" : "sounds like a secret"}: build arguments can be read in the image`,
      "name it in image.buildSecrets, and read it in the Dockerfile with RUN --mount=type=secret",
    )
    context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } })
  }
}

const argumentProblem = (name: string): string | null =>
  argumentName.test(name)
    ? null
    : "is not a name of a build argument: expected letters, digits and _, not beginning with a digit"

const buildArgs = named(
  "a mapping of build arguments",
  argumentName,
  z
    .union([z.string(), z.number(), z.boolean()], { error: expected("a text, a number or true/false") })
    .transform(String),
  argumentProblem,
).superRefine(buildArgsAreNoSecrets, always)

/** One thing that looks like a secret: a file or a variable. */
function namesOneThing(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  if (keysOf(value).filter((key) => key === "path" || key === "variable").length === 1) return
  context.addIssue({ code: "custom", message: "names path or variable: one of the two" })
}

const notSecret = mapping("a mapping with path or variable, and reason", {
  path: pathGlob("a path in the image, or a pattern, such as srv/tests/keys/*.pem")
    .optional()
    .describe("Path in the image, without the leading /; * and ** are patterns."),
  variable: text("a name of an environment variable", argumentName)
    .optional()
    .describe("Name of a variable of the image's environment."),
  reason: text("a reason").describe("Why this is no secret: shown in the report."),
}).superRefine(namesOneThing, always)

const registry = mapping("a mapping with user, ca and insecure", {
  user: text("a name of a user", /^\S+$/).optional().describe("User that pushes. --registry-user stands over it."),
  ca: filePath("a path of a file with certificates, relative to the source")
    .optional()
    .describe(
      "Certificates (PEM) of the authority that the registry's own certificate is from, relative to the source.",
    ),
  insecure: z
    .boolean({ error: expected("true or false") })
    .prefault(false)
    .describe(
      "Whether the registry may speak plain HTTP, or present an untrusted certificate. Anyone on the network can then read the password.",
    ),
})

export const image = mapping("a mapping that says how the image is made and what it must do", {
  name: imageName
    .optional()
    .describe("Name under which the image is published: registry and repository, without a tag."),
  context: folder("a path of a folder inside the source")
    .optional()
    .describe(
      "Folder that the Dockerfile is built from, relative to the source: a Dockerfile can copy only what is below it. When left out: app.path.",
    ),
  dockerfile: filePath("a path of a Dockerfile, relative to app.path", DOCKERFILE_ABOVE)
    .optional()
    .describe(
      "The app's Dockerfile, relative to image.context where that is set, else to app.path. When left out: `Dockerfile` where there is one; otherwise Tollgate's own build for Python.",
    ),
  target: text("a name of a build stage", /^\S+$/)
    .optional()
    .describe("Stage of the Dockerfile to build. When left out: the last one."),
  buildArgs: buildArgs.prefault({}).describe("Arguments for the Dockerfile. Not for secrets: an image tells them."),
  buildSecrets: distinct("a list of names of secrets", text("a name of a secret", argumentName))
    .prefault([])
    .describe("Names that --secrets must hold; each is mounted at /run/secrets/NAME where the build asks for it."),
  command: sequence("a list: the program and its arguments", text("a program or an argument"))
    .optional()
    .describe(
      "Program that serves, with its arguments: for Tollgate's own build. Refused beside a Dockerfile, which has its own CMD.",
    ),
  dependencies: dependencies("image.dependencies", "none")
    .prefault({})
    .describe("What Tollgate's own build installs: for running, not for testing."),
  packages: distinct("a list of Debian packages", packageName)
    .prefault([])
    .describe("Debian packages that Tollgate's own build puts into the image, such as libpq5."),
  buildPackages: distinct("a list of Debian packages", packageName)
    .prefault(["build-essential"])
    .describe("Debian packages that are there while Tollgate's own build installs dependencies, and not in the image."),
  exclude: distinct("a list of patterns of files", pathGlob("a pattern of files such as docs/**"))
    .prefault([])
    .describe(
      "Patterns of files that Tollgate's own build leaves out, besides tests, Git's files and dotenv files. Relative to app.path.",
    ),
  port: port.prefault(8000).describe("Port that the service listens on inside the image."),
  health: healthPath.prefault("/health").describe("Path that answers 2xx when the service is healthy."),
  startTimeout: duration.prefault("60s").describe("Longest time from the start of the service until it is healthy."),
  env: variables
    .prefault({})
    .describe(
      "Environment variables of the service while the gate runs it. They are not put into the image. Filled in from its Postgres: {host} {port} {user} {password} {database} {url}; from any of its services: {services.NAME.host} {services.NAME.port}.",
    ),
  services: services.optional().describe("Services that the image is run with. When left out: those of qa.services."),
  before: sequence("a list of shell commands", command)
    .prefault([])
    .describe("Shell commands run in the image before the service starts, with its services and environment."),
  maxSize: size.prefault("1GB").describe("Largest size of the image: all of its layers together, uncompressed."),
  notSecret: sequence("a list of what is no secret", notSecret)
    .prefault([])
    .describe("Files and variables of the image that look like secrets and are none, each with its reason."),
  platforms: distinct("a list of platforms", platform)
    .prefault([])
    .describe("Platforms to build for. When empty: the engine's own."),
  timestamps: z
    .enum(["kept", "commit"], { error: expected("kept or commit") })
    .prefault("kept")
    .describe(
      "Times of the files that the Dockerfile puts into the image: `commit` gives all of them the commit's, so that two builds of it can be the same.",
    ),
  source: text("a URL of the source", /^https?:\/\/\S+$/)
    .optional()
    .describe("URL of the repository, for the image's label. When left out: what --source-url says."),
  registry: registry.prefault({}).describe("How the registry is reached."),
})

export type ImageSettings = z.output<typeof image>

/** Two sources for one variable: which of them the service saw would be a matter of luck. */
export function imageVariablesHaveOneSource(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const own = entryOf(entryOf(value, "image"), "services")
  const place = own === undefined ? "qa.services" : "image.services"
  const given = own ?? entryOf(entryOf(value, "qa"), "services")
  for (const [service, variable] of [
    ["postgres", "DATABASE_URL"],
    ["redis", "REDIS_URL"],
  ] as const) {
    const settings = entryOf(given, service)
    if (settings === false) continue
    const name = entryOf(settings, "env") ?? variable
    if (typeof name !== "string" || !keysOf(entryOf(entryOf(value, "image"), "env")).includes(name)) continue
    const message = withHint(
      `is set by ${place}.${service}`,
      `leave it out, or write \`image: { services: { ${service}: false } }\``,
    )
    context.addIssue({ code: "custom", path: ["image", "env", name], message, params: { at: "key" } })
  }
}

/** What image.env and load.env are filled in from is the Postgres that the image is run with. */
export function imagePlaceholdersAreKnown(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const image = entryOf(value, "image")
  const own = entryOf(image, "services")
  const place = own === undefined ? "qa.services" : "image.services"
  const given = own ?? entryOf(entryOf(value, "qa"), "services")
  const missing = entryOf(given, "postgres") === false ? `there is no database: ${place}.postgres is false` : null
  for (const section of ["image", "load"])
    placeholdersAreKnown(
      entryOf(entryOf(value, section), "env"),
      [section, "env"],
      { missing, services: serviceNames(given) },
      context,
    )
}
