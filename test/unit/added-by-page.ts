import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { expect } from "vitest"

const ROOT = join(import.meta.dirname, "../..")

/** A copy of some folders and files, changed as a page of the docs says: its new files, and the diffs of others. */
export function copyAsPageSays(page: string, paths: readonly string[]): string {
  const text = readFileSync(join(ROOT, page), "utf8")
  const copy = mkdtempSync(join(tmpdir(), "tollgate-page-"))
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"))
  for (const path of [...paths, "package.json"]) cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  for (const [, path = "", file = ""] of text.matchAll(/```ts\n\/\/ new file: (\S+)\n([^]*?)```/g)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), file)
  }
  for (const [, path = "", diff = ""] of text.matchAll(/```diff\n \/\/ in (\S+)\n([^]*?)```/g)) {
    const written = diff
      .trimEnd()
      .split("\n\n")
      .reduce(changed, readFileSync(join(copy, path), "utf8"))
    writeFileSync(join(copy, path), written)
  }
  return copy
}

/** The text with one change of a diff, whose other lines must be there, next to each other, once. */
function changed(text: string, change: string): string {
  const lines = (sign: string) =>
    change
      .split("\n")
      .filter((line) => line.startsWith(" ") || line.startsWith(sign))
      .map((line) => line.slice(1))
      .join("\n")
  expect(`\n${text}`.split(`\n${lines("-")}\n`).length, lines("-")).toBe(2)
  return `\n${text}`.replace(`\n${lines("-")}\n`, () => `\n${lines("+")}\n`).slice(1)
}
