import type { Document, Node, Pair, YAMLError, YAMLMap } from "yaml"
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml"
import { type Problem, printPath } from "./problem.js"

type Path = readonly PropertyKey[]

/** Where a problem is shown: at a key, at its value. */
export type Place = "key" | "value"

export interface ReadDocument {
  data: unknown
  /** The node at `path`, or the nearest thing around it when it is not in the file. */
  positionOf(path: Path, place: Place): { line: number; column: number }
  has(path: Path): boolean
  /** What is wrong, though the rest can still be judged: a key given twice. */
  problems: Problem[]
}

export type Reading = { kind: "read"; document: ReadDocument } | { kind: "unreadable"; problems: Problem[] }

const SMALLEST = "the smallest file:  qa: { runner: tests/run_qa.py, suites: { e2e: { files: [tests/test_e2e.py] } } }"

/** YAML as text to plain data that still knows where each part of it stood. */
export function readDocument(text: string): Reading {
  const lines = new LineCounter()
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const whole = (offset: number, message: string, suggestion: string | null): Reading => ({
    kind: "unreadable",
    problems: [{ path: "", ...at(offset), message, suggestion }],
  })

  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // duplicates are found below, with their path and without hiding what else is wrong
    uniqueKeys: false,
    stringKeys: true,
    merge: true,
    prettyErrors: false,
  })
  const [document, second] = Array.isArray(documents) ? documents : []
  if (document === undefined) return whole(0, "is empty: expected settings", SMALLEST)

  const errors = [...document.errors, ...document.warnings]
  if (errors.length > 0) {
    const tabs = errors.some(({ code }) => code === "TAB_AS_INDENT")
    const found = errors
      // a tab makes its line belong to another: what is said of the structure then is not about the file as it is meant
      .filter(({ code }) => !(tabs && /_IMPLICIT_KEY$|^BAD_INDENT$/.test(code)))
      .map((error) => ({ path: "", ...at(error.pos[0]), ...explain(error) }))
    // what else is strange about a line mostly follows from the first thing
    return {
      kind: "unreadable",
      problems: found.filter(({ line }, index) => found.findIndex((one) => one.line === line) === index),
    }
  }
  if (second !== undefined)
    return whole(
      second.range[0],
      "begins a second document: expected one",
      "remove the line `---`; one file holds all settings",
    )

  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) return whole(0, "is empty: expected settings", SMALLEST)
  if (!isMap(root))
    return whole(root.range[0], `expected a mapping of settings, got a ${isSeq(root) ? "list" : "text"}`, SMALLEST)

  const problems: Problem[] = []
  inspect(document, root, [], (path, offset, message, suggestion) =>
    problems.push({ path: printPath(path), ...at(offset), message: message(at), suggestion }),
  )

  try {
    return {
      kind: "read",
      document: {
        data: document.toJS(),
        positionOf: (path, place) => at(offsetOf(document, root, path, place)),
        has: (path) => find(document, root, path) !== null,
        problems,
      },
    }
  } catch (error) {
    // what parses and cannot be resolved: an alias without its anchor, or aliases that multiply
    if (!(error instanceof ReferenceError)) throw error
    if (problems.length > 0) return { kind: "unreadable", problems }
    return whole(0, "has aliases that grow without end", "write the values out instead of referring to them")
  }
}

type Report = (
  path: Path,
  offset: number,
  message: (at: (offset: number) => { line: number }) => string,
  suggestion: string | null,
) => void

/** Finds keys that would be lost on the way to plain data, and keeps values of environment variables as they are spelled. */
function inspect(document: Document.Parsed, node: unknown, path: Path, report: Report): void {
  if (isAlias(node) && node.resolve(document) === undefined)
    report(
      path,
      startOf(node) ?? 0,
      () => "refers with * to an anchor that is not there",
      "put a text that begins with * in quotes",
    )
  if (isSeq(node)) for (const [index, item] of node.items.entries()) inspect(document, item, [...path, index], report)
  if (!isMap(node)) return
  const first = new Map<string, number>()
  for (const pair of node.items) {
    const key = keyOf(pair)
    const offset = startOf(pair.key) ?? 0
    const before = first.get(key)
    if (before !== undefined && key !== "<<")
      report([...path, key], offset, (at) => `is given twice: first on line ${at(before).line}`, "keep one of them")
    else if (key === "__proto__") report([...path, key], offset, () => "is not a name that can be used", null)
    else first.set(key, offset)

    // 1.10 is a version and 0123 is a phone number: as numbers they would lose a digit
    if (holdsTexts(path) && isScalar(pair.value) && pair.value.source !== undefined) {
      if (typeof pair.value.value === "number" || typeof pair.value.value === "boolean")
        pair.value.value = pair.value.source
    }
    inspect(document, pair.value, [...path, key], report)
  }
}

/** Sections whose values are texts of the user's, whatever they look like. */
function holdsTexts(path: Path): boolean {
  return path.at(-1) === "env" || (path[0] === "environments" && path.at(-1) === "defaults")
}

function keyOf(pair: Pair): string {
  const key = isScalar(pair.key) ? pair.key.value : pair.key
  return typeof key === "symbol" ? (key.description ?? "") : String(key)
}

function startOf(node: unknown): number | undefined {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}

interface Found {
  key: number | undefined
  value: unknown
}

function find(document: Document.Parsed, root: Node, path: Path): Found | null {
  let found: Found = { key: startOf(root), value: root }
  for (const part of path) {
    const node = resolve(document, found.value)
    if (isMap(node)) {
      const pair = pairOf(document, node, String(part), 0)
      if (pair === null) return null
      found = { key: startOf(pair.key), value: pair.value }
    } else if (isSeq(node) && typeof part === "number" && part < node.items.length) {
      const item: unknown = node.items[part]
      found = { key: startOf(item), value: item }
    } else return null
  }
  return found
}

function pairOf(document: Document.Parsed, map: YAMLMap, key: string, depth: number): Pair | null {
  const own = map.items.find((pair) => keyOf(pair) === key)
  if (own !== undefined) return own
  if (depth > 20) return null
  for (const merge of map.items.filter((pair) => keyOf(pair) === "<<")) {
    const merged = resolve(document, merge.value)
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const map = resolve(document, source)
      const pair = isMap(map) ? pairOf(document, map, key, depth + 1) : null
      if (pair !== null) return pair
    }
  }
  return null
}

function resolve(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function offsetOf(document: Document.Parsed, root: Node, path: Path, place: Place): number {
  const found = find(document, root, path)
  // not in the file: its parent's key is where it would have to be added
  if (found === null) return offsetOf(document, root, path.slice(0, -1), "key")
  const value = startOf(isPair(found.value) ? found.value.key : found.value)
  return (place === "key" ? found.key : (value ?? found.key)) ?? 0
}

/** The parser's errors in words for someone who did not write a YAML parser; its own may repeat a line of the file. */
function explain({ code, message }: YAMLError): { message: string; suggestion: string | null } {
  switch (code) {
    case "TAB_AS_INDENT":
      return { message: "is indented with a tab: YAML allows only spaces", suggestion: "replace the tab by two spaces" }
    case "BAD_INDENT":
      if (message.startsWith("Flow"))
        return {
          message: "is where a { } or [ ] should have been closed",
          suggestion: "close it, indented further than its key",
        }
      return {
        message: "is indented differently from what it belongs to",
        suggestion: "keys of one mapping begin in the same column",
      }
    case "MISSING_CHAR":
      return message.includes("quote")
        ? { message: "ends inside a quoted text", suggestion: "close the quote" }
        : { message: `is not YAML: ${firstLine(message)}`, suggestion: null }
    case "MULTILINE_IMPLICIT_KEY":
      return { message: "looks like a key, but has no colon after it", suggestion: "a key is written  key: value" }
    case "BLOCK_AS_IMPLICIT_KEY":
      return { message: "has a second `: ` on one line", suggestion: "put a value that has `: ` in it in quotes" }
    case "BAD_SCALAR_START":
      return { message: "begins with a character that YAML reserves", suggestion: "put the value in quotes" }
    case "BAD_DQ_ESCAPE":
      return {
        message: "has a backslash that means nothing in double quotes",
        suggestion: "use single quotes, or write \\\\",
      }
    case "NON_STRING_KEY":
      return { message: "is not a plain text: only texts can be keys", suggestion: null }
    case "TAG_RESOLVE_FAILED":
      return { message: "has an unknown tag", suggestion: "put a text that begins with ! in quotes" }
    default:
      return { message: `is not YAML: ${firstLine(message)}`, suggestion: null }
  }
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/: ["'].*$/, "")
}
