import { writeFileSync } from "node:fs"
import { load, scan } from "./internals.mjs"
import { freeze } from "./scan-file.mjs"

/**
 * Runs while the runtime container is built: writes the scan down, and loads the module once so that what tsx and Node compile is
 * in their caches. A module that cannot be scanned or loaded is left to fail at the call, where its error is shown.
 */
export async function prepare(files, moduleName, target) {
  try {
    const scanned = await scan(files, moduleName)
    await load(files)
    writeFileSync(target, JSON.stringify({ moduleName, files, scan: freeze(scanned) }))
  } catch (error) {
    console.warn(`not prepared: ${error instanceof Error ? error.message : error}`)
  }
}
