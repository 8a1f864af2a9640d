// Makes dist/, what the module's functions run: core/module/ with the libraries it uses, as plain JavaScript. Dagger's SDK would otherwise
// install the libraries on every new machine, and compile hundreds of files at each call. The same sources give the same bytes.
// One file, whose names do not change with
// its contents; what a function loads when it needs it is evaluated then. usage: node bin/build-module.mjs [FOLDER]
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = resolve(process.argv[2] ?? join(root, "dist"))

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const { metafile } = await build({
  entryPoints: [join(root, "core/module/index.ts")],
  outdir: target,
  absWorkingDir: root,
  bundle: true,
  // what a function loads when it needs it stays apart until then: its loader looks through every line of what is loaded
  splitting: true,
  chunkNames: "part-[hash]",
  outExtension: { ".js": ".mjs" },
  format: "esm",
  platform: "node",
  target: "node22",
  // readable on purpose: it is what runs with a deployment's secrets
  minify: false,
  keepNames: true,
  legalComments: "none",
  metafile: true,
  tsconfig: join(root, "tsconfig.host.json"),
  banner: {
    js: 'import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);',
  },
  // optional parts in native code: each has a fallback in JavaScript
  external: ["*.node", "cpu-features", "pg-native"],
  // libraries in CommonJS ask for their place, to look for parts that exist on Windows alone
  define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
  plugins: [sdkOfTheModule(), placesOfSources(), englishAlone()],
  logLevel: "error",
})
nameParts(metafile)
writeFileSync(join(target, "LICENSES.txt"), licenses(metafile))
writeFileSync(
  join(target, "README.md"),
  "Made by `npm run build` from `core/`; a test holds the two together. Change the sources, not these files.\n",
)

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

/** zod's messages in fifty languages are half of its code; ours are in English. */
function englishAlone() {
  return {
    name: "english-alone",
    setup(build) {
      build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
        contents: 'export { default as en } from "./en.js"',
        loader: "js",
      }))
    },
  }
}

/** A part is named after the first of its sources: a hash would rename every file that leads to a changed one. */
function nameParts({ outputs }) {
  const names = new Map([["index.mjs", "index.mjs"]])
  for (const [path, { inputs, entryPoint, exports }] of Object.entries(outputs)) {
    if (entryPoint === "core/module/index.ts") continue
    const code = Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0)
    // esbuild's own: what all parts share, and a part of which nothing is left
    const own = exports.length > 0 ? "runtime" : "empty"
    const first = entryPoint ?? `shared/${code.sort()[0] ?? Object.keys(inputs).sort()[0] ?? own}`
    const name = first
      .replaceAll("node_modules/", "")
      .replace(/\.m?[jt]s$/, "")
      .replaceAll(/[^\w.-]+/g, ".")
    names.set(basename(path), `${name}.mjs`)
  }
  const taken = [...names.values()].filter((name, index, all) => all.indexOf(name) !== index)
  if (taken.length > 0) throw new Error(`two parts of dist/ would have the same name: ${taken.join(", ")}`)
  for (const [old, name] of names) {
    const text = readFileSync(join(target, old), "utf8")
    rmSync(join(target, old))
    writeFileSync(
      join(target, name),
      text.replaceAll(/\.\/([\w.-]+\.mjs)(?=")/g, (whole, other) =>
        names.has(other) ? `./${names.get(other)}` : whole,
      ),
    )
  }
}

/** The terms of each library whose code is in the bundle. */
function licenses(metafile) {
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  )
  const packages = bundled
    .map(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((folder) => folder !== undefined)
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
