// Lays the SDK's files out in the form the engine takes them. usage: bundle.mjs TARGET (in a folder with node_modules)
import { cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"

const target = process.argv[2]
const banner =
  'import { createRequire } from "node:module"; import { fileURLToPath } from "node:url"; const require = createRequire(import.meta.url), __filename = fileURLToPath(import.meta.url), __dirname = fileURLToPath(new URL(".", import.meta.url));'

await build({
  entryPoints: ["core-entry.mjs"],
  outfile: join(target, "sdk", "core.js"),
  bundle: true,
  minify: true,
  keepNames: true,
  platform: "node",
  format: "esm",
  target: "node22",
  banner: { js: banner },
  alias: { typescript: "./lazy-typescript.mjs" },
  logLevel: "error",
})

// its types, for editors and for the check of a module's signatures
const library = "node_modules/@dagger.io/dagger/dist/src"
cpSync(library, join(target, "sdk", "types"), {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || path.endsWith(".d.ts"),
})
writeFileSync(join(target, "sdk", "core.d.ts"), 'export * from "./types/index.js"\n')
cpSync("lib", join(target, "sdk"), { recursive: true })
cpSync("runtime", join(target, "runtime"), { recursive: true })
for (const script of ["entrypoint.mjs", "introspect.mjs", "configure.mjs", "compile.mjs"]) cpSync(script, join(target, script))

// the compiler and its libraries, without the language server and the translated messages
const compiler = join(target, "typescript", "typescript")
mkdirSync(join(compiler, "lib"), { recursive: true })
cpSync("node_modules/typescript/package.json", join(compiler, "package.json"))
for (const file of readdirSync("node_modules/typescript/lib")) {
  if (file === "typescript.js" || file === "typescript.d.ts" || /^lib\..*d\.ts$/.test(file)) {
    cpSync(join("node_modules/typescript/lib", file), join(compiler, "lib", file))
  }
}
for (const name of ["tsx", "esbuild", "@esbuild"]) {
  cpSync(join("node_modules", name), join(target, "tsx", name), { recursive: true, verbatimSymlinks: true })
}
