/** Values that survive a round trip through JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * The canonical form of RFC 8785 (JSON Canonicalization Scheme): no whitespace, names sorted by UTF-16 code unit, numbers and
 * strings as JavaScript writes them. A value without a canonical form throws, so that it is never signed.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value)
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError("a string with a lone surrogate has no canonical form")
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
