// Mounted beside the module's sources as src/__dagger.entrypoint.ts: answers the call that the engine has for the module.

import { readdirSync } from "node:fs"
import { join } from "node:path"
import { entrypoint } from "@dagger.io/dagger"

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.m?ts$/.test(file))
  .map((file) => join(import.meta.dirname, file))

entrypoint([...sources, join(import.meta.dirname, "../sdk/client.gen.ts")])
