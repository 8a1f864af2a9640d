import { bytes, count } from "../shared/figures.js"
import { matchesPath } from "../shared/path-pattern.js"
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
 * Judges the contents of the image, for all of its platforms.
 *
 * @param runs the lines of its Dockerfile. They are judged instead of the engine's descriptions of the layers, which depend on
 * the engine's cache.
 */
export function judgeContent(inspected: InspectedImage, rules: ContentRules, runs: string[]): Problem[] {
  const several = inspected.images.length > 1
  const problems = inspected.images.flatMap((image) =>
    judgePlatform(image, rules, runs).map((problem) =>
      several ? { ...problem, message: `${image.platform}: ${problem.message}` } : problem,
    ),
  )
  return problems
}

function judgePlatform(image: PlatformImage, rules: ContentRules, runs: string[]): Problem[] {
  return [
    ...judgePrograms(image),
    ...judgeUser(image),
    ...judgeHealthcheck(image, rules),
    ...judgeSize(image, rules.maxSize),
    ...judgeFiles(image, rules),
    ...judgeTexts(image, rules, runs),
  ]
}

/** If a base image is not available for a platform, the build may use the programs of another platform. */
function judgePrograms({ platform, programs }: PlatformImage): Problem[] {
  const own = platform.split("/")[1] ?? ""
  const others = Object.entries(programs).filter(([machine]) => machine !== own)
  if (others.length === 0 || programs[own] !== undefined) return []
  return [
    {
      code: "wrong-platform",
      message: `the image is labelled ${platform}, but has no programs for that processor`,
      next: "Use base images that are available for this platform, or remove it from image.platforms.",
      details: others.map(([machine, number]) => `${count(number, "program")} for ${machine}`),
      output: false,
    },
  ]
}

/** As container runtimes read it: a number is a user id; a name is looked up in /etc/passwd. */
function judgeUser({ config, users }: PlatformImage): Problem[] {
  const written = config.User ?? ""
  const name = written.split(":", 1)[0] ?? ""
  const next = "Create an unprivileged user in the Dockerfile and end with `USER 10001:10001`."
  if (name === "" || name === "root")
    return [
      {
        code: "runs-as-root",
        message: `the image runs as root: ${written === "" ? "USER is not set" : `USER is ${written}`}`,
        next,
        details: [],
        output: false,
      },
    ]
  if (/^[+-]?\d+$/.test(name))
    return Number(name) === 0
      ? [
          {
            code: "runs-as-root",
            message: `the image runs as root: USER is ${written}`,
            next,
            details: [],
            output: false,
          },
        ]
      : []
  const entry = users.find((user) => user.name === name)
  if (entry === undefined)
    return [
      {
        code: "user-unknown",
        message: `USER is ${written}, but the image's /etc/passwd has no ${name}: no container can start`,
        next: "Create the user in the same stage, or use its numeric id.",
        details: [],
        output: false,
      },
    ]
  return entry.uid === 0
    ? [
        {
          code: "runs-as-root",
          message: `the image runs as root: USER is ${written}, which is user 0 in the image's /etc/passwd`,
          next,
          details: [],
          output: false,
        },
      ]
    : []
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
      message: none ? "the health check is disabled (HEALTHCHECK NONE)" : "the image has no HEALTHCHECK",
      next: "Add one to the Dockerfile, so that a failing container is noticed. If the image has Python, no curl is needed:",
      details: [
        "HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \\",
        `CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:${port}${health}')"`,
      ],
      output: false,
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
      message: `the image has ${bytes(size)} (all layers, uncompressed); image.maxSize is ${bytes(maxSize)}`,
      next: "Keep build tools and caches in an earlier stage, or raise image.maxSize in tollgate.yaml.",
      details: [
        ...layers
          .slice(0, 4)
          .map(
            (layer) =>
              `layer ${layer.index + 1} of ${layers.length}: ${bytes(layer.size)}, ${count(layer.files, "file")}, by ${madeBy(layer.origin)}`,
          ),
        ...image.biggest
          .slice(0, 4)
          .map((file) => `/${file.path}: ${bytes(file.size)} in layer ${file.layer + 1}${gone(file.goneIn)}`),
        ...(image.wasted > 1e6
          ? [
              `${bytes(image.wasted)} are in files that a later layer deletes or replaces; they are downloaded nevertheless`,
            ]
          : []),
      ],
      output: false,
    },
  ]
}

/** What created a layer, in terms of a Dockerfile. */
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
  "terraform-state": "a Terraform state file",
  credentials: "stored credentials",
  "git-folder": "a Git repository with its history",
  "package-registry-token": "a package registry token",
  login: "a login with password",
  "cloud-credentials": "cloud credentials",
  "cluster-credentials": "cluster credentials",
  "registry-login": "a container registry login",
}

export function describeFinding({ kind, path, layer, goneIn }: Finding): string {
  const what = kind === "package-test-key" ? "a key from a package's tests" : KINDS[kind]
  const later = goneIn === null ? "" : `; deleted in layer ${goneIn + 1}, but still in the image`
  return `/${path}: ${what}, in layer ${layer + 1}${later}`
}

export function secretFiles(image: PlatformImage, notSecret: ContentRules["notSecret"]): Finding[] {
  return image.findings.filter(
    ({ kind, path }) =>
      kind !== "package-test-key" &&
      !notSecret.some((entry) => entry.path !== undefined && matchesPath(path, entry.path.replace(/^\//, ""))),
  )
}

function judgeFiles(image: PlatformImage, { notSecret }: ContentRules): Problem[] {
  const found = secretFiles(image, notSecret)
  if (found.length === 0) return []
  return [
    {
      code: "secret-file",
      message: `${count(found.length, "file")} ${found.length === 1 ? "looks" : "look"} like a secret`,
      next: "Exclude such files with .dockerignore, pass secrets to a build with RUN --mount=type=secret, and rotate secrets that were already published.",
      details: found.map(describeFinding),
      output: false,
    },
  ]
}

/** Texts in the image's configuration, readable by everyone who can pull it. The environment is judged separately. */
function configTexts({ Entrypoint, Cmd, Healthcheck, Shell, OnBuild, Labels }: PlatformImage["config"]): string[] {
  const words = (all: readonly string[] | null | undefined) => (all ?? []).join(" ")
  return [
    `ENTRYPOINT and CMD: ${words([...(Entrypoint ?? []), ...(Cmd ?? [])])}`,
    `HEALTHCHECK: ${words(Healthcheck?.Test)}`,
    `SHELL: ${words(Shell)}`,
    ...(OnBuild ?? []).map((instruction) => `ONBUILD ${instruction}`),
    ...Object.entries(Labels ?? {}).map(([name, value]) =>
      maskedSecrets(`${name}: ${value}`) === null ? `LABEL ${name}=${value}` : `LABEL ${name}: ${value}`,
    ),
  ]
}

/** Masked lines, each once. Lines of the Dockerfile that are also in the configuration are reported from there. */
function linesWithSecrets(ofConfig: string[], ofDockerfile: string[]): string[] {
  const masked = (texts: string[]) => texts.flatMap((text) => maskedSecrets(text) ?? [])
  const first = masked(ofConfig)
  const reported = new Set(
    first.flatMap((line) =>
      CONFIG_KEYWORDS.filter(
        (keyword) => line.startsWith(keyword) || (keyword === "CMD" && line.startsWith("ENTRYPOINT and CMD")),
      ),
    ),
  )
  const others = masked(ofDockerfile).filter((line) => !reported.has(line.split(" ", 1)[0] ?? ""))
  return [...new Set([...first, ...others])]
}

const CONFIG_KEYWORDS = ["HEALTHCHECK", "ENTRYPOINT", "CMD", "LABEL", "ONBUILD"]

/** The configuration with secrets masked, for reports. */
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
    Healthcheck:
      Healthcheck === null
        ? null
        : {
            ...Healthcheck,
            ...(Healthcheck.Test === undefined
              ? {}
              : { Test: [...Healthcheck.Test.slice(0, 1), ...list(Healthcheck.Test.slice(1))] }),
          },
    ...(Shell == null ? {} : { Shell: list(Shell) }),
    ...(OnBuild == null ? {} : { OnBuild: OnBuild.map(text) }),
    Labels:
      Labels === null
        ? null
        : Object.fromEntries(
            Object.entries(Labels).map(([name, value]) => [
              name,
              variableIsSecret(name.replaceAll(/[.-]/g, "_"), value) ? "***" : text(value),
            ]),
          ),
  }
}

function judgeTexts({ config }: PlatformImage, { notSecret }: ContentRules, runs: string[]): Problem[] {
  const allowed = (name: string) => notSecret.some((entry) => entry.variable === name)
  const variables = (config.Env ?? [])
    .map((entry): [string, string] => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)])
    .filter(([name, value]) => variableIsSecret(name, value) && !allowed(name))
  // an ENV in the environment is judged there; one that a later line replaced is still in the history
  const inEnvironment = new Set(config.Env ?? [])
  const judged = (line: string) => {
    const [, keyword, assignment = ""] = /^(?:stage \S+: )?(ENV|ARG) (.*)$/s.exec(line) ?? []
    if (keyword === undefined) return false
    return (keyword === "ENV" && inEnvironment.has(assignment)) || allowed(assignment.split("=")[0] ?? "")
  }
  const lines = linesWithSecrets(
    configTexts(config),
    runs.filter((line) => !judged(line)),
  )
  return [
    ...(variables.length === 0
      ? []
      : [
          {
            code: "secret-in-environment" as const,
            message: `${count(variables.length, "environment variable")} ${variables.length === 1 ? "looks" : "look"} like a secret`,
            next: "Remove the ENV and set the variable when a container starts. A build argument copied into ENV is in the image, too.",
            details: variables.map(([name]) => `${name}=***`),
            output: false,
          },
        ]),
    ...(lines.length === 0
      ? []
      : [
          {
            code: "secret-in-history" as const,
            message: "the image's history, its configuration or a stage that it copies from contains a secret",
            next: "Pass it to a build with RUN --mount=type=secret. Let the command and the health check read it from an environment variable or a file at run time. Then rotate the secret.",
            details: lines,
            output: false,
          },
        ]),
  ]
}
