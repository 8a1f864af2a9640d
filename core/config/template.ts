import type { z } from "zod"
import { nearest } from "../shared/nearest.js"
import { entryOf, keysOf, withHint } from "./fields.js"

/** Settings that name a database's address in parts: `DB_HOST: "{host}"`. */

export const PLACEHOLDERS = ["host", "port", "user", "password", "database", "url"] as const

/** What stands in for each placeholder. */
export type Filling = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>

/** `{{name}}` is the text `{name}`. Other braces, as in JSON, are text. */
const PLACEHOLDER = /\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)\}/g

function namesIn(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].flatMap(([, , name]) => (name === undefined ? [] : [name]))
}

/** Whether a value depends on the database that it is given for. */
export function isTemplate(value: string): boolean {
  return namesIn(value).length > 0
}

/** In a value that is a URL, what has a meaning there is written as %XX; elsewhere the parts stand as they are. */
export function fillTemplate(template: string, filling: Filling): string {
  const inUrl = /:\/\//.test(template)
  return template.replace(PLACEHOLDER, (written, text: string | undefined, name: string | undefined) => {
    const placeholder = PLACEHOLDERS.find((known) => known === name)
    if (placeholder === undefined) return text === undefined ? written : `{${text}}`
    const value = filling[placeholder]
    if (!inUrl || placeholder === "url") return value
    if (placeholder === "host") return value.includes(":") ? `[${value}]` : value
    return encodeURIComponent(value)
  })
}

/**
 * Reports each placeholder that has no meaning.
 *
 * @param missing why there is no database to fill them in from; null: there is one
 */
export function placeholdersAreKnown(
  value: unknown,
  path: readonly string[],
  missing: string | null,
  context: z.core.$RefinementCtx<unknown>,
): void {
  for (const name of keysOf(value)) {
    const written = entryOf(value, name)
    if (typeof written !== "string") continue
    for (const placeholder of new Set(namesIn(written))) {
      const message = problemOf(placeholder, missing)
      if (message !== null) context.addIssue({ code: "custom", path: [...path, name], message })
    }
  }
}

function problemOf(placeholder: string, missing: string | null): string | null {
  const asText = `write {{${placeholder}}} for the text {${placeholder}}`
  if (PLACEHOLDERS.some((known) => known === placeholder))
    return missing === null ? null : withHint(`has the placeholder {${placeholder}}, but ${missing}`, asText)
  const meant = nearest(placeholder, PLACEHOLDERS)
  const known = PLACEHOLDERS.map((name) => `{${name}}`).join(" ")
  return withHint(
    `has the unknown placeholder {${placeholder}}`,
    `${meant === null ? `known here: ${known}` : `did you mean {${meant}}?`}; ${asText}`,
  )
}
