import { nearest } from "../shared/nearest.js"
import type { Settings } from "../config/schema.js"
import type { EnvironmentSettings } from "../config/environments.js"
import { TollgateError } from "../errors.js"
import { readDotenv } from "../secrets/parse.js"
import { judgeConfig } from "./judge.js"
import type { ConfigResult } from "./result.js"

/** Where an app keeps the values that a developer begins with; nobody's real ones. */
export const EXAMPLE_FILE = ".env.example"

/** The texts that a configuration is judged by, in dotenv form. */
export interface ConfigTexts {
  given: string
  /** Of the other environment; null: not given. */
  against: string | null
  /** EXAMPLE_FILE of the app; null: it has none. */
  example: string | null
}

/** From texts to a verdict: the same for `dagger call` and for the command line, wherever the texts come from. */
export function checkConfig(settings: Settings, environment: string, texts: ConfigTexts): ConfigResult {
  return judgeConfig({
    environment,
    settings: environmentSettings(settings, environment),
    given: readDotenv(texts.given),
    against: texts.against === null ? null : { environment: otherEnvironment(environment), given: readDotenv(texts.against) },
    example: texts.example === null ? null : readDotenv(texts.example).values,
  })
}

export function environmentSettings(settings: Settings, environment: string): EnvironmentSettings {
  const found = Object.hasOwn(settings.environments, environment) ? settings.environments[environment] : undefined
  if (found !== undefined) return found
  const known = Object.keys(settings.environments)
  const meant = nearest(environment, known)
  throw new TollgateError(
    "environment-unknown",
    "tollgate.yaml has no environment of that name.",
    `${meant === null ? "" : `Did you mean ${meant}? `}It has: ${known.join(", ")}. Add others under \`environments\`.`,
  )
}

function otherEnvironment(environment: string): string {
  switch (environment) {
    case "production":
      return "staging"
    case "staging":
      return "production"
    default:
      return "the other environment"
  }
}
