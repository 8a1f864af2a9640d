// Lays the SDK's files out in the form the engine takes them. usage: bundle.mjs TARGET (in a folder with node_modules, here and in tsx/)
import { cpSync, mkdirSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"
import { rollup } from "rollup"
import { dts } from "rollup-plugin-dts"

const target = process.argv[2]
const library = "node_modules/@dagger.io/dagger/dist/src"
const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'

/** TypeScript stays outside: it reads its own libraries from disk, and a module brings the version of its own. */
async function bundle(entry, outfile) {
  const options = {
    bundle: true,
    keepNames: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["typescript"],
    logLevel: "error",
  }
  await build({ ...options, entryPoints: [entry], outfile: join(target, outfile), banner: { js: banner } })
}

await bundle("core-entry.mjs", "bundled_lib/core.js")
await bundle("introspect.mjs", "introspect/introspect.mjs")
const types = await rollup({
  input: join(library, "index.d.ts"),
  plugins: [dts()],
  external: () => false,
  onwarn: () => {},
})
await types.write({ file: join(target, "bundled_lib/core.d.ts"), format: "es" })

for (const name of ["static", "runtime"]) cpSync(name, join(target, name), { recursive: true })
for (const name of ["entrypoint.ts", "configure.mjs"]) cpSync(name, join(target, name))

// the compiler and its libraries, without the language server and the translated messages
const compiler = join(target, "typescript-library")
mkdirSync(join(compiler, "lib"), { recursive: true })
cpSync("node_modules/typescript/package.json", join(compiler, "package.json"))
for (const file of readdirSync("node_modules/typescript/lib")) {
  if (file === "typescript.js" || file === "typescript.d.ts" || /^lib\..*d\.ts$/.test(file)) {
    cpSync(join("node_modules/typescript/lib", file), join(compiler, "lib", file))
  }
}

// as `npm install -g tsx` lays it out: its packages inside of it
cpSync("tsx/node_modules/tsx", join(target, "tsx_module"), { recursive: true, verbatimSymlinks: true })
for (const name of readdirSync("tsx/node_modules").filter(
  (name) => !["tsx", ".bin", ".package-lock.json"].includes(name),
)) {
  cpSync(join("tsx/node_modules", name), join(target, "tsx_module/node_modules", name), {
    recursive: true,
    verbatimSymlinks: true,
  })
}
