import { writeFileSync } from "node:fs"
import { AST, convertToPascalCase, DaggerModule, load } from "./internals.mjs"
import { freeze } from "./scan-file.mjs"

/**
 * Runs while the runtime container is built: loads the module once, so that what Node compiles is in its cache, and writes down what
 * a call needs to know of its types. A module that cannot be loaded is left to fail at the call, where its error is shown.
 */
export async function prepare(sources, modules, moduleName, target) {
  try {
    const loaded = await load(modules)
    const scan = new DaggerModule(convertToPascalCase(moduleName), loaded, new AST(sources, loaded))
    writeFileSync(target, JSON.stringify({ moduleName, scan: freeze(scan) }))
    return true
  } catch (error) {
    console.warn(`not prepared: ${error instanceof Error ? error.message : error}`)
    return false
  }
}
