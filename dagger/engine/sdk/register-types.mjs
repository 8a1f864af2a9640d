import { writeFileSync } from "node:fs"
import { connection } from "@dagger.io/dagger"
import { Register, scan } from "./internals.mjs"

/** Tells the engine which types a module has, from its sources alone: without loading them, without their packages. */
export async function registerTypes(files, moduleName, target) {
  const scanned = await scan(files, moduleName, false)
  await connection(async () => {
    writeFileSync(target, JSON.stringify(await new Register(scanned).run()))
  })
  process.exit(0)
}
