// Copied beside the module's sources as src/__dagger.entrypoint.mjs.
// usage: … (answers the call that the engine has for us) | … --prepare MODULE_NAME
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { prepare, serve } from "../sdk/core.js"

const preparedScan = "/opt/prepared/scan.json"
const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.m?ts$/.test(file))
  .map((file) => join(import.meta.dirname, file))
const files = [...sources, join(import.meta.dirname, "..", "sdk", "client.gen.ts")]

const [flag, moduleName] = process.argv.slice(2)
if (flag === "--prepare") await prepare(files, moduleName, preparedScan)
else await serve(files, preparedScan)
