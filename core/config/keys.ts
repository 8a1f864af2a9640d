import type { z } from "zod"
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
  const here = path.reduce<Keys>((keys, part) => keys.known.get(String(part)) ?? (typeof part === "number" ? keys.entries : keys.chosen) ?? NONE, root)
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
  const deeper = [...keys.known].flatMap(([name, inner]) => placesOf(key, inner, path === "" ? name : `${path}.${name}`))
  const chosen = keys.chosen === null ? [] : placesOf(key, keys.chosen, `${path}.<name>`)
  const entries = keys.entries === null ? [] : placesOf(key, keys.entries, `${path}[]`)
  const here = keys.known.has(key) ? [path === "" ? "the top of the file" : path] : []
  return [...here, ...deeper, ...chosen, ...entries]
}

/** Case, - and _ are matters of habit, not of meaning. */
function bare(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, "")
}

/** The candidate that `name` most likely is a slip of; null when none is near. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const wanted = bare(name)
  const near = candidates
    .map((candidate) => ({ candidate, slips: slipsBetween(wanted, bare(candidate)) }))
    .filter(({ candidate, slips }) => slips <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3)))
    .sort((one, other) => one.slips - other.slips)
  return near[0]?.candidate ?? null
}

/** Letters inserted, lost, replaced or swapped with their neighbour (optimal string alignment). */
function slipsBetween(from: string, to: string): number {
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        (current[column - 1] ?? Infinity) + 1,
        (above[column] ?? Infinity) + 1,
        (above[column - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity,
      )
    }
    before = above
    above = current
  }
  return above[to.length] ?? Infinity
}
