import canonicalize from "canonicalize"

/** Values that survive a round trip through JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** How JSON.stringify writes half of a surrogate pair: an escape whose backslash is not itself escaped. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/

/**
 * The canonical form of RFC 8785 (JSON Canonicalization Scheme), by the library of its authors. A value without a canonical form throws,
 * so that it is never signed: the library refuses NaN and infinity, but lets a lone surrogate pass.
 */
export function canonicalJson(value: Json): string {
  const text = written(value)
  if (text === undefined || LONE_SURROGATE.test(text))
    throw new TypeError("a string with a lone surrogate has no canonical form")
  return text
}

/** The library's errors are of no class of their own. */
function written(value: Json): string | undefined {
  try {
    return canonicalize(value)
  } catch (error) {
    throw new TypeError("NaN and infinity have no canonical form", { cause: error })
  }
}
