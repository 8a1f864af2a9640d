import { TollgateError } from "../errors.js"

/** An environment's name becomes a folder of backups and a word in records. */
export function environmentName(given: string): string {
  if (/^[a-z][a-z0-9-]{0,40}$/.test(given)) return given
  throw new TollgateError("environment-name", "--env is not a name for an environment.", "Expected lower-case letters, digits and -, beginning with a letter, such as production. Nothing was changed.")
}
