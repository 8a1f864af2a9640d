import { parse } from "dotenv"
import { type DotenvEntry, scanDotenv } from "./scan.js"

/** A dotenv text as the dotenv library reads it, and what is strange about it: by names and line numbers, never by a value. */
export interface DotenvReading {
  values: ReadonlyMap<string, string>
  /** Of a name that is given twice, the last one: it is the one that counts. */
  entries: ReadonlyMap<string, DotenvEntry>
  /** Lines that the library skips without a word. */
  malformed: number[]
  /** Names given more than once, with their lines. */
  repeated: { name: string; lines: number[] }[]
  /** What was read cannot be told line by line: the library found other names than the lines have. */
  unreadable: boolean
}

export function readDotenv(text: string): DotenvReading {
  const values = new Map(Object.entries(parse(text)))
  const { entries, malformed } = scanDotenv(text)
  const lines = new Map<string, number[]>()
  for (const { name, line } of entries) lines.set(name, [...(lines.get(name) ?? []), line])
  return {
    values,
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    malformed,
    repeated: [...lines].flatMap(([name, at]) => (at.length > 1 ? [{ name, lines: at }] : [])),
    unreadable: [...lines.keys()].sort().join("\n") !== [...values.keys()].sort().join("\n"),
  }
}

/** `line 3`, `lines 3, 4, 9`. */
export function lineWords(lines: readonly number[]): string {
  return `${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`
}
