import type { z } from "zod"
import { bare, nearest } from "../shared/nearest.js"
import { settingsJsonSchema } from "./schema.js"

/** What a reader who wrote an unknown key most likely meant. */

interface Keys {
  readonly known: ReadonlyMap<string, Keys>
  /** What a key chosen by the user leads to, as under qa.suites. */
  readonly chosen: Keys | null
  /** What an entry of a list leads to, as under scan.ignore. */
  readonly entries: Keys | null
}

const NONE: Keys = { known: new Map(), chosen: null, entries: null }
let all: Keys | undefined

function keysIn(schema: z.core.JSONSchema.JSONSchema | boolean): Keys {
  if (typeof schema !== "object") return NONE
  const branch = schema.anyOf?.find((option) => typeof option === "object" && option.properties !== undefined)
  if (branch !== undefined) return keysIn(branch)
  return {
    known: new Map(Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, keysIn(inner)])),
    chosen: typeof schema.additionalProperties === "object" ? keysIn(schema.additionalProperties) : null,
    entries: typeof schema.items === "object" && !Array.isArray(schema.items) ? keysIn(schema.items) : null,
  }
}

export interface KeyAdvice {
  /** The key of the same mapping that was meant. */
  meant: string | null
  suggestion: string
}

export function adviseOnKey(path: readonly PropertyKey[], key: string): KeyAdvice {
  const root = (all ??= keysIn(settingsJsonSchema()))
  const here = path.reduce<Keys>(
    (keys, part) => keys.known.get(String(part)) ?? (typeof part === "number" ? keys.entries : keys.chosen) ?? NONE,
    root,
  )
  const known = [...here.known.keys()]

  const respelled = known.find((candidate) => bare(candidate) === bare(key))
  const meant = respelled ?? (placesOf(key, root).length === 0 ? nearest(key, known) : null)
  if (meant !== null) return { meant, suggestion: `did you mean \`${meant}\`?` }

  const places = placesOf(key, root).slice(0, 3)
  if (places.length > 0) return { meant: null, suggestion: `\`${key}\` belongs under ${places.join(" or ")}` }
  return { meant: null, suggestion: `known here: ${known.join(", ")}` }
}

/** Where a key would be right, the outermost place first. */
function placesOf(key: string, keys: Keys, path = ""): string[] {
  const deeper = [...keys.known].flatMap(([name, inner]) =>
    placesOf(key, inner, path === "" ? name : `${path}.${name}`),
  )
  const chosen = keys.chosen === null ? [] : placesOf(key, keys.chosen, `${path}.<name>`)
  const entries = keys.entries === null ? [] : placesOf(key, keys.entries, `${path}[]`)
  const here = keys.known.has(key) ? [path === "" ? "the top of the file" : path] : []
  return [...here, ...deeper, ...chosen, ...entries]
}
