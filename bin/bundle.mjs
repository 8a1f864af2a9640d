// The command line as plain JavaScript, made from the sources when they changed: compiling TypeScript and reading hundreds of small files
// of dependencies at each start would take longer than many a command.
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"

const inputs = [
  "cli",
  "core",
  join("dagger", "engine"),
  "bin",
  "tsconfig.json",
  "tsconfig.host.json",
  "package-lock.json",
  "dagger.json",
]
const keptForMs = 7 * 24 * 60 * 60 * 1000

/** The file to import; built when there is none for these sources. */
export async function bundled(root) {
  const cache = join(root, "node_modules", ".cache", "tollgate-cli")
  const folder = join(cache, keyOf(root))
  const entry = join(folder, "index.js")
  if (!existsSync(entry)) {
    mkdirSync(cache, { recursive: true })
    for (const name of readdirSync(cache)) {
      if (Date.now() - statSync(join(cache, name)).mtimeMs > keptForMs)
        rmSync(join(cache, name), { recursive: true, force: true })
    }
    const temporary = `${folder}.${process.pid}`
    await build(root, temporary)
    try {
      renameSync(temporary, folder)
    } catch (error) {
      // somebody else built the same at the same time
      if (!existsSync(entry)) throw error
      rmSync(temporary, { recursive: true, force: true })
    }
  }
  return pathToFileURL(entry).href
}

function keyOf(root) {
  const hash = createHash("sha256").update(process.versions.node)
  for (const input of inputs) addTo(hash, join(root, input))
  return hash.digest("hex").slice(0, 16)
}

function addTo(hash, path) {
  const stats = statSync(path)
  if (stats.isFile()) return hash.update(`${path}\0`).update(readFileSync(path))
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = join(path, entry.name)
    if (entry.isDirectory() ? !["node_modules", "go"].includes(entry.name) : /\.(m?ts|mjs)$/.test(entry.name))
      addTo(hash, child)
  }
}

async function build(root, folder) {
  const { build } = await import("esbuild")
  await build({
    entryPoints: [join(root, "cli", "index.ts")],
    outdir: folder,
    absWorkingDir: root,
    bundle: true,
    // what a command imports in its handler stays apart until then
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    keepNames: true,
    tsconfig: join(root, "tsconfig.host.json"),
    banner: {
      js: 'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);',
    },
    // optional parts in native code: each has a fallback in JavaScript
    external: ["*.node", "cpu-features", "pg-native"],
    // libraries in CommonJS ask for their place, to look for parts that exist on Windows alone
    define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
    plugins: [placesOfSources(root), lazyTypescript(root)],
    logLevel: "error",
  })
}

// a source that asks where it is means its own place, not the bundle's
function placesOfSources(root) {
  return {
    name: "places-of-sources",
    setup(build) {
      build.onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => {
        if (path.includes("node_modules") || !path.startsWith(root)) return undefined
        const contents = readFileSync(path, "utf8")
          .replaceAll("import.meta.filename", JSON.stringify(path))
          .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
          .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        return { contents, loader: path.endsWith("ts") ? "ts" : "js" }
      })
    },
  }
}

// Dagger's library brings the compiler along for modules; a client never uses it, and it takes half a second to load
function lazyTypescript(root) {
  const compiler = createRequire(join(root, "package.json")).resolve("typescript")
  return {
    name: "lazy-typescript",
    setup(build) {
      build.onResolve({ filter: /^typescript$/ }, () => ({ path: "typescript", namespace: "lazy" }))
      build.onLoad({ filter: /.*/, namespace: "lazy" }, () => ({
        contents: `import { createRequire } from "node:module"
let compiler
export default new Proxy({}, { get: (_, name) => (compiler ??= createRequire(import.meta.url)(${JSON.stringify(compiler)}))[name] })`,
        loader: "js",
      }))
    },
  }
}
