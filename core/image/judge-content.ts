import { bytes, count } from "../report/figures.js"
import type { Finding, InspectedImage, LayerOrigin, PlatformImage } from "./inspected.js"
import type { Problem } from "./problem.js"
import { maskedSecrets, variableIsSecret } from "./secret-text.js"

export interface ContentRules {
  /** Bytes. */
  maxSize: number
  port: number
  health: string
  notSecret: { path?: string | undefined; variable?: string | undefined; reason: string }[]
}

/**
 * What is wrong with what is in the image, for all of its platforms.
 *
 * @param runs the RUN lines of its Dockerfile. They are judged, and not what the engine says of the layers: that depends on
 * what it remembers.
 */
export function judgeContent(inspected: InspectedImage, rules: ContentRules, runs: string[]): Problem[] {
  const several = inspected.images.length > 1
  const problems = inspected.images.flatMap((image) =>
    judgePlatform(image, rules, runs).map((problem) => (several ? { ...problem, what: `${image.platform}: ${problem.what}` } : problem)),
  )
  return problems
}

function judgePlatform(image: PlatformImage, rules: ContentRules, runs: string[]): Problem[] {
  return [...judgePrograms(image), ...judgeUser(image), ...judgeHealthcheck(image, rules), ...judgeSize(image, rules.maxSize), ...judgeFiles(image, rules), ...judgeTexts(image, rules, runs)]
}

/** A base image that is not there for a platform is built upon all the same, with the programs of another. */
function judgePrograms({ platform, programs }: PlatformImage): Problem[] {
  const own = platform.split("/")[1] ?? ""
  const others = Object.entries(programs).filter(([machine]) => machine !== own)
  if (others.length === 0 || programs[own] !== undefined) return []
  return [
    {
      code: "wrong-platform",
      what: `it says ${platform}, and none of its programs is for that processor`,
      next: "Is each base image of the Dockerfile there for this platform? Otherwise leave it out of image.platforms.",
      details: others.map(([machine, number]) => `${count(number, "program")} for ${machine}`),
      said: false,
    },
  ]
}

/** A number is a user's id, whatever /etc/passwd says; a name means what /etc/passwd says. That is how container runtimes read it. */
function judgeUser({ config, users }: PlatformImage): Problem[] {
  const written = config.User ?? ""
  const name = written.split(":", 1)[0] ?? ""
  const next = "Create a user without rights in the Dockerfile and end with `USER 10001:10001`."
  if (name === "" || name === "root") return [{ code: "runs-as-root", what: `it runs as root: ${written === "" ? "there is no USER" : `USER is ${written}`}`, next, details: [], said: false }]
  if (/^[+-]?\d+$/.test(name)) return Number(name) === 0 ? [{ code: "runs-as-root", what: `it runs as root: USER is ${written}`, next, details: [], said: false }] : []
  const entry = users.find((user) => user.name === name)
  if (entry === undefined)
    return [{ code: "user-unknown", what: `USER is ${written}, and the image's /etc/passwd has no ${name}: no container would start`, next: "Create the user in the same stage, or write its number.", details: [], said: false }]
  return entry.uid === 0 ? [{ code: "runs-as-root", what: `it runs as root: USER is ${written}, and in the image's /etc/passwd ${name} is user 0`, next, details: [], said: false }] : []
}

export function hasHealthcheck({ config }: PlatformImage): boolean {
  const test = config.Healthcheck?.Test ?? []
  return test.length > 0 && test[0] !== "NONE" && test[0] !== ""
}

function judgeHealthcheck(image: PlatformImage, { port, health }: ContentRules): Problem[] {
  if (hasHealthcheck(image)) return []
  const none = image.config.Healthcheck?.Test?.[0] === "NONE"
  return [
    {
      code: "no-health-check",
      what: none ? "HEALTHCHECK NONE: nobody can tell whether a container of it works" : "it has no HEALTHCHECK: nobody can tell whether a container of it works",
      next: "Add one to the Dockerfile. Slim images have no curl, but where there is Python this is enough:",
      details: [
        "HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \\",
        `CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:${port}${health}')"`,
      ],
      said: false,
    },
  ]
}

export function sizeOf({ layers }: PlatformImage): number {
  return layers.reduce((sum, layer) => sum + layer.size, 0)
}

export function pullSizeOf({ layers }: PlatformImage): number {
  return layers.reduce((sum, layer) => sum + layer.compressed, 0)
}

function judgeSize(image: PlatformImage, maxSize: number): Problem[] {
  const size = sizeOf(image)
  if (size <= maxSize) return []
  const layers = image.layers.map((layer, index) => ({ ...layer, index })).sort((one, other) => other.size - one.size)
  const gone = (at: number | null) => (at === null ? "" : `, deleted or replaced in layer ${at + 1}`)
  return [
    {
      code: "too-large",
      what: `it has ${bytes(size)}, ${bytes(maxSize)} are allowed (all layers, uncompressed)`,
      next: "Leave build tools and caches in an earlier stage, or raise image.maxSize in tollgate.yaml.",
      details: [
        ...layers.slice(0, 4).map((layer) => `layer ${layer.index + 1} of ${layers.length}: ${bytes(layer.size)}, ${count(layer.files, "file")}, by ${madeBy(layer.origin)}`),
        ...image.biggest.slice(0, 4).map((file) => `/${file.path}: ${bytes(file.size)} in layer ${file.layer + 1}${gone(file.goneIn)}`),
        ...(image.wasted > 1e6 ? [`${bytes(image.wasted)} are in files that a later layer deletes or replaces: they are pulled all the same`] : []),
      ],
      said: false,
    },
  ]
}

/** What made a layer, in words of a Dockerfile. */
export function madeBy(origin: LayerOrigin): string {
  if (origin.kind === "base") return "the base image"
  if (origin.kind === "forgotten") return "a step of an earlier build"
  const { words } = origin
  const run = /^mount .*? from exec (?:(?:\S*\/)?sh -c )?([^]*)$/.exec(words)?.[1]
  if (run !== undefined) return `RUN ${run.replace(/\s+/g, " ")}`
  return /with_?(directory|file|newdirectory)/i.test(words.replaceAll(".", "")) ? "COPY" : words
}

const KINDS: Record<Exclude<Finding["kind"], "package-test-key">, string> = {
  dotenv: "a dotenv file",
  "private-key": "a private key",
  "ssh-key": "an SSH key",
  keystore: "a key store",
  "terraform-state": "Terraform's state",
  credentials: "stored credentials",
  "git-folder": "a Git repository, with all of its history",
  "package-registry-token": "a login of a package registry",
  login: "a login with its password",
  "cloud-credentials": "credentials of a cloud",
  "cluster-credentials": "credentials of a cluster",
  "registry-login": "a login of a container registry",
}

export function describeFinding({ kind, path, layer, goneIn }: Finding): string {
  const what = kind === "package-test-key" ? "a key from a package's tests" : KINDS[kind]
  const later = goneIn === null ? "" : `; gone in layer ${goneIn + 1}, still there to be pulled`
  return `/${path}: ${what}, in layer ${layer + 1}${later}`
}

export function secretFiles(image: PlatformImage, notSecret: ContentRules["notSecret"]): Finding[] {
  return image.findings.filter(({ kind, path }) => kind !== "package-test-key" && !notSecret.some((entry) => entry.path !== undefined && pathMatches(entry.path, path)))
}

function judgeFiles(image: PlatformImage, { notSecret }: ContentRules): Problem[] {
  const found = secretFiles(image, notSecret)
  if (found.length === 0) return []
  return [
    {
      code: "secret-file",
      what: `${count(found.length, "file")} in it ${found.length === 1 ? "looks" : "look"} like a secret`,
      next: "Keep such files out by .dockerignore, hand secrets to a build with RUN --mount=type=secret, and change what was already published.",
      details: found.map(describeFinding),
      said: false,
    },
  ]
}

/** What stands in the image's configuration, which whoever can pull it can read; the environment is judged by its names. */
function configTexts({ Entrypoint, Cmd, Healthcheck, Shell, OnBuild, Labels }: PlatformImage["config"]): string[] {
  const words = (all: readonly string[] | null | undefined) => (all ?? []).join(" ")
  return [
    `ENTRYPOINT and CMD: ${words([...(Entrypoint ?? []), ...(Cmd ?? [])])}`,
    `HEALTHCHECK: ${words(Healthcheck?.Test)}`,
    `SHELL: ${words(Shell)}`,
    ...(OnBuild ?? []).map((instruction) => `ONBUILD ${instruction}`),
    ...Object.entries(Labels ?? {}).map(([name, value]) => (maskedSecrets(`${name}: ${value}`) === null ? `LABEL ${name}=${value}` : `LABEL ${name}: ${value}`)),
  ]
}

/** Masked, each once: what the Dockerfile says of the configuration is in the configuration. */
function linesWithSecrets(ofConfig: string[], ofDockerfile: string[]): string[] {
  const masked = (texts: string[]) => texts.flatMap((text) => maskedSecrets(text) ?? [])
  const first = masked(ofConfig)
  const told = new Set(first.flatMap((line) => CONFIG_KEYWORDS.filter((keyword) => line.startsWith(keyword) || (keyword === "CMD" && line.startsWith("ENTRYPOINT and CMD")))))
  const others = masked(ofDockerfile).filter((line) => !told.has(line.split(" ", 1)[0] ?? ""))
  return [...new Set([...first, ...others])]
}

const CONFIG_KEYWORDS = ["HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL", "ONBUILD"]

/** The same without the secrets in it: for reports. */
export function maskedConfig(config: PlatformImage["config"]): PlatformImage["config"] {
  const text = (written: string) => maskedSecrets(written) ?? written
  const list = (all: readonly string[]) => {
    const masked = maskedSecrets(all.join(" "))
    return masked === null ? [...all] : [masked]
  }
  const variable = (entry: string) => {
    const name = entry.slice(0, entry.indexOf("="))
    return variableIsSecret(name, entry.slice(name.length + 1)) ? `${name}=***` : entry
  }
  const { Env, Entrypoint, Cmd, Healthcheck, Shell, OnBuild, Labels } = config
  return {
    ...config,
    Env: Env?.map(variable) ?? null,
    Entrypoint: Entrypoint === null ? null : list(Entrypoint),
    Cmd: Cmd === null ? null : list(Cmd),
    Healthcheck: Healthcheck === null ? null : { ...Healthcheck, ...(Healthcheck.Test === undefined ? {} : { Test: [...Healthcheck.Test.slice(0, 1), ...list(Healthcheck.Test.slice(1))] }) },
    ...(Shell == null ? {} : { Shell: list(Shell) }),
    ...(OnBuild == null ? {} : { OnBuild: OnBuild.map(text) }),
    Labels: Labels === null ? null : Object.fromEntries(Object.entries(Labels).map(([name, value]) => [name, variableIsSecret(name.replaceAll(/[.-]/g, "_"), value) ? "***" : text(value)])),
  }
}

function judgeTexts({ config }: PlatformImage, { notSecret }: ContentRules, runs: string[]): Problem[] {
  const allowed = (name: string) => notSecret.some((entry) => entry.variable === name)
  const variables = (config.Env ?? [])
    .map((entry): [string, string] => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)])
    .filter(([name, value]) => variableIsSecret(name, value) && !allowed(name))
  // what ENV leaves in the environment is judged there; what a later one replaced is still in the history
  const inEnvironment = new Set(config.Env ?? [])
  const judged = (line: string) => line.startsWith("ENV ") && (inEnvironment.has(line.slice(4)) || allowed(line.slice(4).split("=")[0] ?? ""))
  const lines = linesWithSecrets(configTexts(config), runs.filter((line) => !judged(line)))
  return [
    ...(variables.length === 0
      ? []
      : [{
          code: "secret-in-environment" as const,
          what: `${count(variables.length, "variable")} of its environment ${variables.length === 1 ? "holds" : "hold"} what looks like a secret`,
          next: "Leave ENV out for it and give the value when a container starts. A build argument that becomes ENV is in the image as well.",
          details: variables.map(([name]) => `${name}=***`),
          said: false,
        }]),
    ...(lines.length === 0
      ? []
      : [{
          code: "secret-in-history" as const,
          what: "a secret stands in what anybody can read of it without starting it",
          next: "Hand it to a build with RUN --mount=type=secret; let command and health check read it from a variable or a file of the container. Then change the secret.",
          details: lines,
          said: false,
        }]),
  ]
}

/** * stands for anything but /, ** for anything. */
function pathMatches(pattern: string, path: string): boolean {
  const source = pattern.replace(/^\//, "").split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part === "**/") return "(?:.*/)?"
    if (part === "**") return ".*"
    if (part === "*") return "[^/]*"
    if (part === "?") return "[^/]"
    return part.replace(/[.+^${}()|[\]\\]/g, "\\$&")
  })
  return new RegExp(`^${source.join("")}$`).test(path)
}
