import { randomUUID } from "node:crypto"
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs"
import { join } from "node:path"
import type { Journal } from "./ledger.js"

const WRITTEN = "events.jsonl"
const TAKEN = /^taken-.*\.jsonl$/

/**
 * A journal in a folder of this machine. A run renames the file before it reads it, so that no two runs take the same one. After a
 * kill the next run takes it; duplicate events are recognised by their id.
 */
export function fileJournal(folder: string): Journal {
  return {
    append: async (line) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const file = openSync(join(folder, WRITTEN), "a", 0o600)
      try {
        // a killed run may have left half a line
        writeSync(file, `\n${line}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    },
    take: async () => {
      if (!existsSync(folder)) return { lines: [], done: async () => undefined }
      if (existsSync(join(folder, WRITTEN)))
        renameSync(join(folder, WRITTEN), join(folder, `taken-${Date.now()}-${randomUUID()}.jsonl`))
      const files = readdirSync(folder)
        .filter((name) => TAKEN.test(name))
        .sort()
        .map((name) => ({ path: join(folder, name), lines: linesOf(join(folder, name)) }))
      return {
        lines: files.flatMap(({ lines }) => lines),
        done: async () => {
          for (const { path, lines } of files) {
            // a file that grew after it was renamed is kept for the next run
            if (linesOf(path).length === lines.length) rmSync(path, { force: true })
          }
        },
      }
    },
  }
}

function linesOf(path: string): string[] {
  // another run may have replayed and removed it
  if (!existsSync(path)) return []
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
}
