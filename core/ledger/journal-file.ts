import { randomUUID } from "node:crypto"
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { Journal } from "./ledger.js"

const WRITTEN = "events.jsonl"
const TAKEN = /^taken-.*\.jsonl$/

/**
 * A journal in a folder of this machine. Whoever takes it renames it first, so that two runs never take the same; one that was killed
 * after that leaves it to the next. An event that comes twice is told by its id.
 */
export function fileJournal(folder: string): Journal {
  return {
    append: async (line) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const file = openSync(join(folder, WRITTEN), "a", 0o600)
      try {
        // a run that was killed may have left half a line
        writeSync(file, `\n${line}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    },
    take: async () => {
      if (!existsSync(folder)) return { lines: [], done: async () => undefined }
      if (existsSync(join(folder, WRITTEN))) renameSync(join(folder, WRITTEN), join(folder, `taken-${Date.now()}-${randomUUID()}.jsonl`))
      const files = readdirSync(folder).filter((name) => TAKEN.test(name)).sort().map((name) => ({ path: join(folder, name), lines: linesOf(join(folder, name)) }))
      return {
        lines: files.flatMap(({ lines }) => lines),
        done: async () => {
          for (const { path, lines } of files) {
            // one that was being written to while it was renamed is left for the next time
            if (linesOf(path).length === lines.length) rmSync(path, { force: true })
          }
        },
      }
    },
  }
}

function linesOf(path: string): string[] {
  // another run may have taken it to its end meanwhile
  if (!existsSync(path)) return []
  return readFileSync(path, "utf8").split("\n").filter((line) => line !== "")
}
