import { readFileSync } from "node:fs"
import { type Container, dag } from "@dagger.io/dagger"

/** Where the scripts of container/ are. */
export const TOOLS = "/tollgate"

/** A container for scripts of ours that need nothing but Python's standard library. */
export function pythonTool(...scripts: string[]): Container {
  let folder = dag.directory()
  for (const name of scripts)
    folder = folder.withNewFile(name, readFileSync(new URL(`container/${name}`, import.meta.url), "utf8"))
  return dag.container().from("python:3.11-slim").withDirectory(TOOLS, folder)
}
