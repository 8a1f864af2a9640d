/** Whether each value of one column type fits another, as far as it is known for certain. */

interface Type {
  name: string
  arguments: number[]
}

/** In each list a type's values all fit into those after it. */
const WIDER: string[][] = [
  ["smallint", "integer", "bigint", "numeric"],
  ["real", "double precision"],
  ["character varying", "text"],
  ["character", "character varying", "text"],
  ["date", "timestamp without time zone"],
  ["json", "text"],
]

/** Postgres's names as format_type prints them: character varying(40), numeric(10,2), timestamp(3) with time zone. */
function parseType(type: string): Type {
  const found = /^([^(]+?)\s*(?:\(([\d,\s]+)\))?(\s+with(?:out)? time zone)?(\[\])*$/.exec(type)
  if (found === null) return { name: type, arguments: [] }
  const [, name = "", given = "", zone = ""] = found
  return { name: `${name}${zone}`, arguments: given === "" ? [] : given.split(",").map(Number) }
}

/** true unless every value that may stand in `from` fits `to` unchanged: what is not known to fit, does not. */
export function narrows(from: string, to: string): boolean {
  if (from === to) return false
  if (from.endsWith("[]") || to.endsWith("[]")) return true
  const [old, now] = [parseType(from), parseType(to)]
  if (old.name === now.name) return argumentsNarrow(old, now)
  const wider = WIDER.some((list) => list.includes(old.name) && list.indexOf(now.name) > list.indexOf(old.name))
  if (!wider) return true
  // numeric(5,2) holds less than an integer does; a length must not shrink on the way
  if (now.name === "numeric") return now.arguments.length > 0
  const [length] = now.arguments
  return length !== undefined && (old.arguments[0] === undefined || old.arguments[0] > length)
}

function argumentsNarrow(old: Type, now: Type): boolean {
  if (now.arguments.length === 0) return false
  if (old.arguments.length === 0) return true
  if (old.name === "numeric") {
    const [oldDigits = 0, oldScale = 0] = old.arguments
    const [digits = 0, scale = 0] = now.arguments
    return scale < oldScale || digits - scale < oldDigits - oldScale
  }
  return (now.arguments[0] ?? 0) < (old.arguments[0] ?? 0)
}
