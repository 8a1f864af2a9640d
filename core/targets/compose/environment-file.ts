import { quote } from "../../shared/shell-words.js"
import { INSIDE } from "./names.js"

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The service's variables for a POSIX shell. Every value is quoted by us, so that the shell reads it as one word and acts
 * upon nothing in it.
 */
export function environmentFile(values: ReadonlyMap<string, string>): string {
  return [...values]
    .map(([name, value]) => {
      if (!NAME.test(name))
        throw new RangeError(`${JSON.stringify(name)} is not a valid name of an environment variable`)
      return `export ${name}=${quote(value)}\n`
    })
    .join("")
}

/** The variables of such a file. */
export function parseEnvironmentFile(text: string): Map<string, string> {
  const values = new Map<string, string>()
  const assignment = /^export ([A-Za-z_][A-Za-z0-9_]*)=((?:'[^']*'|\\'|[^'\s])*)$/gm
  for (const [, name = "", written = ""] of text.matchAll(assignment))
    values.set(
      name,
      written.replace(/'([^']*)'|\\'/g, (_, inner?: string) => inner ?? "'"),
    )
  return values
}

/** Runs a program with those variables. They are in no argument and not in the container's configuration. */
export const START_SCRIPT = `#!/bin/sh
. ${INSIDE}/environment
exec "$@"
`
