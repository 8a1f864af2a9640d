/** What JSON can say, and nothing that it would change on the way. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * One spelling for one value: no blanks, names sorted by their UTF-16 code units, numbers and texts as JavaScript writes them.
 * That is RFC 8785 (JSON Canonicalization Scheme). What has no such spelling is refused rather than signed.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value)
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError("a text with half a character has no canonical form")
    return JSON.stringify(value)
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`)
    return JSON.stringify(value)
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${canonicalJson(name)}:${canonicalJson(value[name] ?? null)}`).join(",")}}`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
