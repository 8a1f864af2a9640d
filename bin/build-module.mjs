// Makes dist/, what the module's functions run: core/module/ with the libraries it uses, as plain JavaScript. Dagger's SDK would otherwise
// install the libraries on every new machine, and compile hundreds of files at each call. The same sources give the same bytes.
// One file, whose names do not change with
// its contents; what a function loads when it needs it is evaluated then. usage: node bin/build-module.mjs [FOLDER]
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = resolve(process.argv[2] ?? join(root, "dist"))

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const { metafile } = await build({
  entryPoints: [join(root, "core/module/index.ts")],
  outfile: join(target, "module.mjs"),
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  // readable on purpose: it is what runs with a deployment's secrets
  minify: false,
  keepNames: true,
  legalComments: "none",
  metafile: true,
  tsconfig: join(root, "tsconfig.host.json"),
  banner: { js: 'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);' },
  // optional parts in native code: each has a fallback in JavaScript
  external: ["*.node", "cpu-features", "pg-native"],
  plugins: [sdkOfTheModule(), placesOfSources()],
  logLevel: "error",
})
writeFileSync(join(target, "LICENSES.txt"), licenses(metafile))
writeFileSync(join(target, "README.md"), "Made by `npm run build` from `core/`; a test holds the two together. Change the sources, not these files.\n")

/** The one copy of Dagger's library that src/ and the SDK's entry point use as well: two would not share their connection. */
function sdkOfTheModule() {
  return {
    name: "sdk-of-the-module",
    setup(build) {
      build.onResolve({ filter: /^@dagger\.io\/dagger(\/telemetry)?$/ }, ({ path }) => ({
        path: path.endsWith("/telemetry") ? "../sdk/telemetry.ts" : "../sdk/index.ts",
        external: true,
      }))
    },
  }
}

/** A source that asks where it is means its own place: the scripts beside it are there. */
function placesOfSources() {
  return {
    name: "places-of-sources",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path.includes("node_modules")) return undefined
        const place = `new URL(${JSON.stringify(`../${relative(root, path).split(sep).join("/")}`)}, import.meta.url).href`
        return { contents: readFileSync(path, "utf8").replaceAll("import.meta.url", place), loader: "ts" }
      })
    },
  }
}

/** The terms of each library whose code is in the bundle. */
function licenses(metafile) {
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0))
  const packages = bundled.map(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((folder) => folder !== undefined)
  return [...new Set(packages)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file === undefined ? "" : `\n\n${readFileSync(join(root, folder, file), "utf8").trim()}`
      return `${name} ${version}: ${typeof license === "string" ? license : "see its repository"}${text}\n`
    })
    .join(`\n${"-".repeat(80)}\n\n`)
}
