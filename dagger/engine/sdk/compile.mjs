// Compiles a module's sources once, each into a .js beside it, so that a call needs no compiler and no loader. What this cannot
// express (imports without an extension, paths of one's own) shows when the result is loaded; then tsx is used, as ever.
// usage: compile.mjs MODULE_FOLDER MARK_FILE
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

const { transformSync } = createRequire("/opt/tsx/node_modules/")("esbuild")
const [root, mark] = process.argv.slice(2)
const tsconfigRaw = readFileSync(join(root, "tsconfig.json"), "utf8")

const sources = ["src", "sdk"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.m?ts$/.test(file) && !file.endsWith(".d.ts") && !file.includes("node_modules"))
    .map((file) => join(root, folder, file)),
)
const taken = sources.some((file) => existsSync(file.replace(/ts$/, "js")))
if (!taken) {
  for (const file of sources) {
    const options = { loader: "ts", format: "esm", target: "node24", keepNames: true, sourcefile: file, sourcemap: "inline", tsconfigRaw }
    writeFileSync(file.replace(/ts$/, "js"), transformSync(readFileSync(file, "utf8"), options).code)
  }
  // what tsconfig's paths say, for Node
  const scope = join(root, "node_modules", "@dagger.io")
  mkdirSync(scope, { recursive: true })
  symlinkSync(join(root, "sdk"), join(scope, "dagger"))
  const exported = { ".": "./index.js", "./telemetry": "./telemetry.js" }
  writeFileSync(join(root, "sdk", "package.json"), JSON.stringify({ name: "@dagger.io/dagger", type: "module", exports: exported }))
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, "")
}
