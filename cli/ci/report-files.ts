import { lstatSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Status } from "../../core/ci/status.js"
import type { FoundFile } from "../../core/ledger/report.js"

/** Files that are looked at; a report with more of them stores the first. */
const MOST_LOOKED_AT = 20_000

/** The files of a report that a run has just written: those beside status.json, and the folders that it names. Symbolic links are left out. */
export function filesOfRun(folder: string, { gates }: Status): FoundFile[] {
  const found: FoundFile[] = []
  const add = (path: string): void => {
    const file = join(folder, path)
    const stat = lstatSync(file)
    if (stat.isFile()) found.push({ path, bytes: stat.size, read: () => readFileSync(file) })
  }
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (found.length >= MOST_LOOKED_AT) return
      const path = `${below}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else add(path)
    }
  }
  const named = new Set(gates.flatMap(({ report }) => report ?? []))
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) add(entry.name)
    else if (named.has(entry.name)) walk(entry.name)
  }
  return found
}
