// Makes package.json and tsconfig.json what Dagger's SDK makes of them, and says how packages are installed; a file that is right already
// is not touched. usage: configure.mjs FOLDER PLAN_FILE
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const [folder, planFile] = process.argv.slice(2)
const defaults = {
  "package.json": { type: "module" },
  "tsconfig.json": {
    compilerOptions: { target: "ES2022", moduleResolution: "Node", strict: true, skipLibCheck: true },
  },
}
/** The SDK's DefaultTypeScriptVersion. A module that names it to the letter gets the SDK's own compiler, which is another version. */
const compiler = "5.9.3"

const asked = existsSync(join(folder, "package.json")) ? (read("package.json").dependencies ?? {}) : {}
const mounted = asked.typescript === compiler
writeFileSync(planFile, mounted ? (Object.keys(asked).length <= 1 ? "mount" : "mount, install") : "install")

change("package.json", (settings) => {
  settings.type = "module"
  settings.dependencies = { ...settings.dependencies }
  settings.dependencies.typescript ??= compiler
  delete settings.dependencies["@dagger.io/dagger"]
  if (settings.devDependencies) delete settings.devDependencies["@dagger.io/dagger"]
})
change("tsconfig.json", (settings) => {
  settings.compilerOptions = { ...settings.compilerOptions, experimentalDecorators: true }
  settings.compilerOptions.paths = {
    ...settings.compilerOptions.paths,
    "@dagger.io/dagger": ["./sdk/index.ts"],
    "@dagger.io/dagger/telemetry": ["./sdk/telemetry.ts"],
  }
})

function read(name) {
  const text = existsSync(join(folder, name))
    ? readFileSync(join(folder, name), "utf8")
    : JSON.stringify(defaults[name])
  return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string) => string ?? ""))
}

function change(name, edit) {
  const before = read(name)
  const after = structuredClone(before)
  edit(after)
  if (!existsSync(join(folder, name)) || JSON.stringify(before) !== JSON.stringify(after)) {
    writeFileSync(join(folder, name), `${JSON.stringify(after, null, 2)}\n`)
  }
}
