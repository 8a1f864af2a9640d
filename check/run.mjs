// npm run check: formatting and lint of TypeScript (Biome) and Python (ruff), types, unit tests. With --write it formats first.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const write = process.argv.includes("--write")
const formatOnly = process.argv.includes("--format")

if (!existsSync(join(here, "node_modules"))) step("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], here)
const steps = [
  [
    "biome",
    [
      process.execPath,
      join(here, "node_modules/@biomejs/biome/bin/biome"),
      "check",
      ...(write ? ["--write"] : []),
      "--max-diagnostics=50",
      ".",
    ],
  ],
  ["ruff", [process.execPath, join(here, "ruff.mjs"), ...(write ? ["--write"] : [])]],
  ...(formatOnly
    ? []
    : [
        ["types", ["npm", "run", "--silent", "typecheck"]],
        ["unit tests", ["npm", "run", "--silent", "test:unit"]],
      ]),
]
const failed = steps.filter(([name, [program, ...args]]) => {
  console.log(`\n${name}`)
  return step(program, args, root) !== 0
})
if (failed.length > 0)
  console.error(
    `\n✗ ${failed.map(([name]) => name).join(", ")}. \`npm run check -- --write\` formats what can be formatted.`,
  )
process.exitCode = failed.length > 0 ? 1 : 0

function step(program, args, cwd) {
  return spawnSync(program, args, { cwd, stdio: "inherit" }).status ?? 1
}
