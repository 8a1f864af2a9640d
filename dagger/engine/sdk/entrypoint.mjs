// Copied beside the module's sources as src/__dagger.entrypoint.mjs: answers the call that the engine has for us.
// With --prepare MODULE_NAME, while the runtime is built, it gets ready for that instead.
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const root = join(import.meta.dirname, "..")
const prepared = "/opt/prepared"
const sources = [
  ...readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.m?ts$/.test(file))
    .map((file) => join(import.meta.dirname, file)),
  join(root, "sdk", "client.gen.ts"),
]

const [flag, moduleName] = process.argv.slice(2)
const mark = join(prepared, "compiled-ahead")
if (flag === "--prepare") {
  const done = existsSync(mark) && (await prepare())
  if (!done) {
    rmSync(mark, { force: true })
    await withTsx()
    await prepare()
  }
} else {
  if (!existsSync(mark)) await withTsx()
  const { serve } = await import("../sdk/core.js")
  await serve(sources, modules(), join(prepared, "scan.json"))
}

async function prepare() {
  const { prepare } = await import("../sdk/core.js")
  return await prepare(sources, modules(), moduleName, join(prepared, "scan.json"))
}

// compiled ahead, a source's module is the .js beside it; else tsx compiles the source itself
function modules() {
  return existsSync(mark) ? sources.map((file) => file.replace(/ts$/, "js")) : sources
}

async function withTsx() {
  const { register } = await import(pathToFileURL("/opt/tsx/node_modules/tsx/dist/esm/api/index.mjs").href)
  register({ tsconfig: join(root, "tsconfig.json") })
}
