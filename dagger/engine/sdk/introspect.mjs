// Tells the engine which types a module has, from src/ alone: nothing is loaded, no package is installed.
// usage: introspect.mjs MODULE_NAME SOURCE_FOLDER CLIENT_FILE; writes to $TYPEDEF_OUTPUT_FILE
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { connection } from "@dagger.io/dagger"
import { Register } from "./node_modules/@dagger.io/dagger/dist/src/module/entrypoint/register.js"
import { scan } from "./node_modules/@dagger.io/dagger/dist/src/module/introspector/index.js"

const [moduleName, folder, client] = process.argv.slice(2)
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.m?ts$/.test(file))
  .map((file) => join(folder, file))
const scanned = await scan([...sources, client], moduleName, false)
await connection(async () => {
  writeFileSync(process.env.TYPEDEF_OUTPUT_FILE, JSON.stringify(await new Register(scanned).run()))
})
