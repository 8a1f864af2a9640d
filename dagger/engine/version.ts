import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { z } from "zod"

export const engineFolder = dirname(fileURLToPath(import.meta.url))
export const repository = dirname(dirname(engineFolder))

/** dagger.json is the one place that pins the engine's version. */
export function engineVersion(): string {
  const schema = z.object({ engineVersion: z.string().regex(/^v\d+\.\d+\.\d+$/) })
  return schema.parse(JSON.parse(readFileSync(join(repository, "dagger.json"), "utf8"))).engineVersion
}

/** go.mod is the one place that says which Go builds it. */
export function goNeeded(): string {
  const line = /^go (\S+)$/m.exec(readFileSync(join(engineFolder, "go", "go.mod"), "utf8"))
  if (!line?.[1]) throw new Error("dagger/engine/go/go.mod names no Go version")
  return line[1]
}
