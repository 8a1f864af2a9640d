import { readFileSync } from "node:fs"
import { join } from "node:path"

/** The version that a folder's go.mod pins; it is the one place that says so. */
export function pinnedVersion(folder: string, module: string): string {
  const text = readFileSync(join(folder, "go.mod"), "utf8")
  const line = text.split("\n").find((candidate) =>
    candidate
      .trim()
      .replace(/^require\s+/, "")
      .startsWith(`${module} v`),
  )
  const version = line
    ?.trim()
    .replace(/^require\s+/, "")
    .split(/\s+/)[1]
  if (version === undefined) throw new Error(`go.mod does not pin ${module}`)
  return version
}
