// node test/mutation/recorder.mjs: changes the fold of the Python recorder, one small thing at a time, and shows which changes no unit test notices.
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const FILE = "core/qa/python/tollgate_fold.py"
const TEST = "test/unit/qa-fold.test.ts"
const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "../..")
const tools = join(here, ".venv/bin")

// Cosmic Ray changes the file in its place, so it gets a copy
const copy = mkdtempSync(join(tmpdir(), "tollgate-mutation-"))
try {
  if (!existsSync(join(tools, "cosmic-ray"))) {
    run("python3", ["-m", "venv", join(here, ".venv")])
    run(join(tools, "pip"), ["install", "--quiet", "-r", join(here, "requirements.txt")])
  }
  for (const path of ["core/qa/python", TEST, "package.json"]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path), { recursive: true })
  }
  cpSync(join(here, "vitest.config.ts"), join(copy, "vitest.config.ts"))
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
  writeFileSync(join(copy, "config.toml"), config())
  run(join(tools, "cosmic-ray"), ["baseline", "config.toml"])
  run(join(tools, "cosmic-ray"), ["init", "config.toml", "session.sqlite"])
  run(join(tools, "cr-filter-operators"), ["session.sqlite", "config.toml"])
  run(join(tools, "cosmic-ray"), ["exec", "config.toml", "session.sqlite"])
  process.exitCode = show(run(join(tools, "cosmic-ray"), ["dump", "session.sqlite"], "pipe")) > 0 ? 1 : 0
} finally {
  rmSync(copy, { recursive: true })
}

function config() {
  return `[cosmic-ray]
module-path = "${FILE}"
timeout = 120.0
excluded-modules = []
test-command = "node node_modules/vitest/vitest.mjs run --bail=1"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
# names of events are equal or not: no order, no identity; of arithmetic, minus stands for all
exclude-operators = ["core/ReplaceComparisonOperator_.*_(Is|IsNot|Lt|LtE|Gt|GtE)$", "core/ReplaceBinaryOperator_(?!Add_Sub).*"]
`
}

function run(command, given, output = "inherit") {
  const { status, stdout } = spawnSync("nice", [command, ...given], {
    cwd: copy,
    stdio: ["ignore", output, "inherit"],
    encoding: "utf8",
    env: { ...process.env, MUTATION_TESTS: TEST, PYTHONDONTWRITEBYTECODE: "1" },
  })
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
  return stdout
}

/** Prints what survived, and returns how many did. */
function show(dump) {
  const all = dump
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(([, result]) => result?.worker_outcome !== "skipped")
  const alive = all.filter(([, result]) => result?.test_outcome !== "killed")
  const killed = all.length - alive.length
  console.log(`${FILE}: ${all.length} mutants, ${killed} killed (${((100 * killed) / all.length).toFixed(1)} %)`)
  for (const [{ mutations }, result] of alive)
    for (const {
      start_pos: [line, column],
      operator_name: operator,
    } of mutations)
      console.log(`  ${line}:${column} ${operator}${result?.test_outcome === "survived" ? "" : " (not run)"}`)
  return alive.length
}
