import { cpSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const ROOT = fileURLToPath(new URL("../..", import.meta.url))

/** The example with its tollgate.yaml in a folder of its own, where it can be changed. */
export function scratchSource(): { folder: string; source: string } {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-source-"))
  const source = join(folder, "source")
  cpSync(join(ROOT, "tollgate.yaml"), join(source, "tollgate.yaml"))
  cpSync(join(ROOT, "examples/payments"), join(source, "examples/payments"), { recursive: true })
  return { folder, source }
}
