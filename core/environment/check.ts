import type { EnvironmentSettings } from "../config/environments.js"
import type { Settings } from "../config/schema.js"
import { readDotenv } from "../secrets/parse.js"
import { TollgateError } from "../shared/errors.js"
import { nearest } from "../shared/nearest.js"
import { judgeConfig } from "./judge.js"
import type { ConfigResult } from "./result.js"

/** Where an app keeps example values for developers. */
export const EXAMPLE_FILE = ".env.example"

/** Inputs of the check, in dotenv form. */
export interface ConfigTexts {
  given: string
  /** Configuration of the other environment; null without --against. */
  against: string | null
  /** The app's EXAMPLE_FILE; null when there is none. */
  example: string | null
}

/** Used by the module and by the command line, which read the texts in different ways. */
export function checkConfig(settings: Settings, environment: string, texts: ConfigTexts): ConfigResult {
  return judgeConfig({
    environment,
    settings: environmentSettings(settings, environment),
    given: readDotenv(texts.given),
    against:
      texts.against === null ? null : { environment: otherEnvironment(environment), given: readDotenv(texts.against) },
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
    "tollgate.yaml has no environment with the name given by --env.",
    `${meant === null ? "" : `Did you mean ${meant}? `}Known environments: ${known.join(", ")}. Add others under \`environments\`.`,
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
