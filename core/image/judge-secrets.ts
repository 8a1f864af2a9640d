import { count } from "../shared/figures.js"
import { matchesPath } from "../shared/path-pattern.js"
import type { Finding, PlatformImage } from "./inspected.js"
import type { Problem } from "./problem.js"
import { maskedSecrets, variableIsSecret } from "./secret-text.js"

/** Secrets in the image: in its files, its environment, its configuration and its history. */

/** A file or variable that only looks like a secret. */
export interface NotSecret {
  path?: string | undefined
  variable?: string | undefined
  reason: string
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

export function secretFiles(image: PlatformImage, notSecret: NotSecret[]): Finding[] {
  return image.findings.filter(
    ({ kind, path }) =>
      kind !== "package-test-key" &&
      !notSecret.some((entry) => entry.path !== undefined && matchesPath(path, entry.path.replace(/^\//, ""))),
  )
}

export function judgeFiles(image: PlatformImage, notSecret: NotSecret[]): Problem[] {
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

export function judgeTexts({ config }: PlatformImage, notSecret: NotSecret[], runs: string[]): Problem[] {
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
