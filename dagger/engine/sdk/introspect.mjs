// usage: introspect.mjs MODULE_NAME SOURCE_FOLDER CLIENT_FILE; writes to $TYPEDEF_OUTPUT_FILE
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { registerTypes } from "./core.js"

const [moduleName, folder, client] = process.argv.slice(2)
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.m?ts$/.test(file))
  .map((file) => join(folder, file))
await registerTypes([...sources, client], moduleName, process.env.TYPEDEF_OUTPUT_FILE)
