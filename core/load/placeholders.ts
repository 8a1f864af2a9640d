/**
 * What stands in double braces in a path, a header or a body is filled in for each request.
 * `{{secret.NAME}}` stays a name until the request is made: its value is in no file.
 */
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g

const VALUES = ["uuid", "iteration", "run"] as const

export const KNOWN = `{{${VALUES.join("}} {{")}}} {{secret.NAME}}`

export interface Placeholder {
  written: string
  /** The name of the secret; null when it is one of VALUES or nothing that is known. */
  secret: string | null
  known: boolean
}

export function placeholdersIn(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map(([written, name = ""]) => {
    const secret = /^secret\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1] ?? null
    return { written, secret, known: secret !== null || VALUES.some((value) => value === name) }
  })
}

/** Every text in a value of JSON, keys too. */
export function textsInJson(value: unknown): string[] {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(textsInJson)
  if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([key, inner]) => [key, ...textsInJson(inner)])
  return []
}
