// A scan of a module's sources takes seconds of TypeScript; what an invocation needs of it is a tree of names and types.
// It is written down once, when the runtime is built, and read at each call.
import { classes } from "./internals.mjs"

// links into the compiler's memory, used while scanning only. They are fields of the classes above; in a plain map the same words
// are names that the module's author chose.
const compilerFields = new Set(["node", "__node", "ast", "symbol", "signature", "checker", "file", "userModule", "references"])

export function freeze(value) {
  if (Array.isArray(value)) return value.map(freeze)
  if (value === null || typeof value !== "object") return value
  const plain = {}
  const type = Object.keys(classes).find((name) => typeof classes[name] === "function" && value.constructor === classes[name])
  if (type) plain.$class = type
  else if (value.constructor !== Object && Object.getPrototypeOf(value) !== null) {
    throw new Error(`a scan holds an unknown ${value.constructor.name}`)
  }
  for (const [key, entry] of Object.entries(value)) {
    if (type && compilerFields.has(key)) continue
    if (typeof entry !== "function") plain[key] = freeze(entry)
  }
  return plain
}

export function thaw(value) {
  if (Array.isArray(value)) return value.map(thaw)
  if (value === null || typeof value !== "object") return value
  const { $class: type, ...rest } = value
  const target = type ? Object.create(classes[type].prototype) : {}
  for (const [key, entry] of Object.entries(rest)) target[key] = thaw(entry)
  return target
}
