/**
 * Placeholders in double braces in a path, header or body are filled in for each request. The value of `{{secret.NAME}}` is filled in
 * when the request is sent, so it is never in a file.
 */
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g

const VALUES = ["uuid", "iteration", "run"] as const

export const KNOWN = `{{${VALUES.join("}} {{")}}} {{secret.NAME}}`

export interface Placeholder {
  written: string
  /** Name of the secret; null for one of VALUES and for an unknown placeholder. */
  secret: string | null
  known: boolean
}

export function placeholdersIn(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map(([written, name = ""]) => {
    const secret = /^secret\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1] ?? null
    return { written, secret, known: secret !== null || VALUES.some((value) => value === name) }
  })
}

/** All strings in a JSON value, including keys. */
export function textsInJson(value: unknown): string[] {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(textsInJson)
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => [key, ...textsInJson(inner)])
  return []
}
