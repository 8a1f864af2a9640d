// npm run test:mutation [-- WORD…]: changes the files that decide, one small thing at a time, and shows which changes no unit test notices.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { files } from "./files.mjs"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "../..")
const words = process.argv.slice(2)
const npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"]
if (!existsSync(join(here, "node_modules"))) spawnSync("npm", npm, { cwd: here, stdio: "inherit" })

let survived = 0
for (const [file, tests] of Object.entries(files)) {
  if (words.length > 0 && !words.some((word) => file.includes(word))) continue
  const report = join(here, `reports/${process.pid}.json`)
  rmSync(report, { force: true })
  const config = join(here, `reports/${process.pid}.conf.json`)
  mkdirSync(dirname(config), { recursive: true })
  writeFileSync(config, JSON.stringify(configOf(file)))
  const { status } = spawnSync(
    "nice",
    [process.execPath, join(here, "node_modules/@stryker-mutator/core/bin/stryker.js"), "run", config],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, MUTATION_TESTS: tests.map((name) => `test/unit/${name}.test.ts`).join(",") },
    },
  )
  rmSync(config)
  if (!existsSync(report)) process.exit(status || 1)
  survived += show(file, JSON.parse(readFileSync(report, "utf8")))
  rmSync(report)
}
process.exitCode = survived > 0 ? 1 : 0

function configOf(file) {
  return {
    mutate: [file],
    testRunner: "vitest",
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    plugins: ["@stryker-mutator/vitest-runner"],
    concurrency: 1,
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: `test/mutation/reports/${process.pid}.json` },
    tempDirName: join(tmpdir(), "tollgate-mutation"),
    ignorePatterns: [
      "test/mutation/node_modules",
      "test/mutation/.venv",
      "check/node_modules",
      "tollgate-report",
      "dagger/engine/sdk",
      "sdk",
    ],
    ignoreStatic: false,
    disableTypeChecks: false,
    allowConsoleColors: false,
    clearTextReporter: { logTests: false },
    // words of messages are compared by tests of screens, not here
    mutator: { excludedMutations: ["StringLiteral"] },
  }
}

/** Prints what survived, and returns how many did. */
function show(file, { files: reported }) {
  const { mutants, source } = reported[file]
  const of = (...states) => mutants.filter(({ status }) => states.includes(status))
  const [killed, alive] = [of("Killed", "Timeout"), of("Survived", "NoCoverage")]
  const share = ((100 * killed.length) / Math.max(1, killed.length + alive.length)).toFixed(1)
  console.log(`${file}: ${killed.length + alive.length} mutants, ${killed.length} killed (${share} %)`)
  const lines = source.split("\n")
  for (const { location, replacement, mutatorName, status } of alive)
    console.log(
      `  ${location.start.line}:${location.start.column} ${mutatorName}${status === "NoCoverage" ? " (not run)" : ""}: ${(lines[location.start.line - 1] ?? "").trim()}  →  ${(replacement ?? "").replace(/\s+/g, " ")}`,
    )
  return alive.length
}
