import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"

/** The identity of something built: it is built again exactly when one of its inputs changes. */
export function contentKey(facts: readonly string[], paths: readonly string[] = []): string {
  const hash = createHash("sha256")
  for (const fact of facts) hash.update(`${fact}\0`)
  for (const path of paths) {
    for (const file of filesUnder(path)) {
      hash.update(`${relative(path, file)}\0`)
      hash.update(readFileSync(file))
    }
  }
  return hash.digest("hex").slice(0, 16)
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
