import { parse } from "dotenv"
import { type DotenvEntry, scanDotenv } from "./scan.js"

/** A dotenv text as the dotenv library reads it, and its problems as names and line numbers, never values. */
export interface DotenvReading {
  values: ReadonlyMap<string, string>
  /** For a name that is set twice, the last one, which wins. */
  entries: ReadonlyMap<string, DotenvEntry>
  /** Lines that the library silently skips. */
  malformed: number[]
  /** Names set more than once, with their lines. */
  repeated: { name: string; lines: number[] }[]
  /** The library found other names than the scan of the lines did. */
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
