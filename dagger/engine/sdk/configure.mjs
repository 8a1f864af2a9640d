// Makes package.json and tsconfig.json what a module needs; a file that is right already is not touched.
// usage: configure.mjs FOLDER
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const folder = process.argv[2]
const defaults = {
  "package.json": {},
  "tsconfig.json": { compilerOptions: { target: "ES2022", moduleResolution: "Node", strict: true, skipLibCheck: true } },
}

change("package.json", (settings) => {
  settings.type = "module"
  settings.dependencies = { ...settings.dependencies }
  settings.dependencies.typescript ??= "5.9.3"
  delete settings.dependencies["@dagger.io/dagger"]
})
change("tsconfig.json", (settings) => {
  settings.compilerOptions = { ...settings.compilerOptions, experimentalDecorators: true }
  settings.compilerOptions.paths = {
    ...settings.compilerOptions.paths,
    "@dagger.io/dagger": ["./sdk/index.ts"],
    "@dagger.io/dagger/telemetry": ["./sdk/telemetry.ts"],
  }
})

function change(name, edit) {
  const path = join(folder, name)
  const text = existsSync(path) ? readFileSync(path, "utf8") : JSON.stringify(defaults[name])
  const before = JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string) => string ?? ""))
  const after = structuredClone(before)
  edit(after)
  if (!existsSync(path) || JSON.stringify(before) !== JSON.stringify(after)) writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`)
}
