// npm test: everything is set up, all tests run, and the last line says how many passed and failed.
// Arguments go to vitest: node test/run.mjs --project unit, node test/run.mjs postgres
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const asked = process.argv.slice(2)
const projects = asked.some((argument) => argument.startsWith("--project")) ? [] : ["--project", "unit", "--project", "engine"]
const needsEngine = asked.every((argument, index) => !isProject(argument, asked[index + 1]) || !names(argument, asked[index + 1], "unit"))

// the launcher installs the dependencies, whatever it is asked
if ((await run(["bin/tollgate.mjs", ...(needsEngine ? ["prepare"] : ["--help"])], needsEngine ? "inherit" : "ignore")) !== 0) {
  finish({ passed: 0, failed: 1, skipped: 0 }, "the set-up failed")
}

const folder = mkdtempSync(join(tmpdir(), "tollgate-test-"))
const report = join(folder, "report.json")
const code = await run(
  ["node_modules/vitest/vitest.mjs", "run", ...projects, ...asked, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  "inherit",
)
const counted = count(report)
rmSync(folder, { recursive: true, force: true })

if (!counted) finish({ passed: 0, failed: 1, skipped: 0 }, `vitest ended with ${code} and left no report`)
else if (counted.passed + counted.failed === 0) finish({ ...counted, failed: 1 }, "no test ran")
// files that cannot be loaded, errors outside of tests: red, although each test that ran passed
else if (code !== 0 && counted.failed === 0) finish({ ...counted, failed: 1 }, `vitest ended with ${code} although no test failed`)
else finish(counted)

function isProject(argument, next) {
  return argument === "--project" ? next !== undefined : argument.startsWith("--project=")
}

function names(argument, next, project) {
  return argument === `--project=${project}` || next === project
}

function run(args, output) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["inherit", output, "inherit"] })
    child.on("error", () => resolve(1))
    child.on("exit", (status, signal) => resolve(status ?? signal))
  })
}

function count(path) {
  try {
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: todo, testResults } = JSON.parse(readFileSync(path, "utf8"))
    if (![passed, failed, pending, todo].every(Number.isInteger)) return undefined
    // a file that fails before its first test has no test to count: it counts itself
    const broken = testResults.filter((file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")).length
    return { passed, failed: failed + broken, skipped: pending + todo }
  } catch {
    return undefined
  }
}

function finish({ passed, failed, skipped }, why) {
  if (why !== undefined) console.error(`\n✗ ${why}`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
  process.exit(failed > 0 ? 1 : 0)
}
