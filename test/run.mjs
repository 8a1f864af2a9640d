// npm test: everything is set up, all tests run, and the last line says how many passed and failed.
// Arguments go to vitest: node test/run.mjs --project unit, node test/run.mjs postgres
// --deadline=80m: a file of engine, database or release that has not started by then is listed and counted as skipped.
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { failures } from "./failures.mjs"
import { filesOfLinuxRoot, isLinuxRoot, projectsOfLinuxRoot } from "./linux-root.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// the fast ones first; then two lanes beside each other: releases mostly wait for their hosts, and so does a machine with Docker
const stages = [
  [["unit"]],
  [
    ["engine", "database"],
    ["release", "docker"],
  ],
]
const known = stages.flat(2)

const { projects, rest, minutes } = read(process.argv.slice(2))
if (Number.isNaN(minutes))
  finish({ passed: 0, failed: 1, skipped: 0 }, "--deadline takes minutes, such as --deadline=80m")
if (minutes !== undefined) process.env.TOLLGATE_TEST_DEADLINE = String(Date.now() + minutes * 60_000)
const unknown = projects.filter((project) => !known.includes(project))
if (unknown.length > 0)
  finish(
    { passed: 0, failed: 1, skipped: 0 },
    `there is no project ${unknown.join(", ")}: it is one of ${known.join(", ")}`,
  )
const isWanted = (project) => projects.length === 0 || projects.includes(project)
const wanted = stages.map((lanes) => lanes.map((lane) => lane.filter(isWanted)).filter((lane) => lane.length > 0))

// the launcher installs the dependencies, whatever it is asked
const needsEngine = wanted.flat(2).some((project) => project !== "unit")
if (
  (await run(["bin/tollgate.mjs", ...(needsEngine ? ["prepare"] : ["--help"])], needsEngine ? "inherit" : "ignore")) !==
  0
) {
  finish({ passed: 0, failed: 1, skipped: 0 }, "the set-up failed")
}

const folder = mkdtempSync(join(tmpdir(), "tollgate-test-"))
const results = []
for (const lanes of wanted) {
  await Promise.all(
    lanes.map(async (lane) => {
      for (const project of lane) results.push(await test(project, lanes.length > 1))
    }),
  )
}
rmSync(folder, { recursive: true, force: true })

const sum = (what) => results.reduce((total, one) => total + one[what], 0)
const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") }
if (total.passed + total.failed === 0) finish({ ...total, failed: 1 }, "no test ran")
const late = results.flatMap(({ late = [] }) => late)
if (late.length > 0)
  console.error(
    `\n${late.length} test files had not started by the deadline of ${minutes} minutes, and did not run:\n${late.map((file) => `  ${file}`).join("\n")}`,
  )
const failed = results.flatMap(({ failures: some = [] }) => some)
if (failed.length > 0) console.error(`\nFailed:\n\n${failed.join("\n\n")}\n`)
finish(total, results.flatMap(({ why }) => (why === undefined ? [] : [why])).join("\n✗ ") || undefined)

/** What is asked of this script, and what of vitest. */
function read(asked) {
  const projects = []
  const rest = []
  let minutes
  for (let index = 0; index < asked.length; index += 1) {
    if (asked[index] === "--project") projects.push(asked[(index += 1)] ?? "")
    else if (asked[index].startsWith("--project=")) projects.push(asked[index].slice("--project=".length))
    else if (asked[index].startsWith("--deadline=")) minutes = Number(/^--deadline=(\d+)m$/.exec(asked[index])?.[1])
    else rest.push(asked[index])
  }
  return { projects, rest, minutes }
}

/** One project in a process of its own; beside another one its lines are passed on whole. */
async function test(project, beside) {
  const leftOut = isLinuxRoot ? [] : filesOf(project)
  if (leftOut.length > 0)
    console.error(
      `${project}: ${leftOut.length} files need Linux and root, did not run, and count as skipped:\n${leftOut.map((file) => `  ${file}`).join("\n")}`,
    )
  if (leftOut.length > 0 && projectsOfLinuxRoot.includes(project))
    return { passed: 0, failed: 0, skipped: leftOut.length }
  const report = join(folder, `${project}.json`)
  // a filter may leave a project without tests; without one, a project that has none is broken
  const filtered = rest.length > 0 && wanted.flat(2).length > 1 ? ["--passWithNoTests"] : []
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    project,
    ...rest,
    ...filtered,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]
  const code = await run(args, beside ? "lines" : "inherit")
  const counted = count(report)
  if (counted === undefined)
    return { passed: 0, failed: 1, skipped: 0, why: `vitest ended with ${code} and left no report of ${project}` }
  // files that cannot be loaded, errors outside of tests: red, although each test that ran passed
  counted.skipped += leftOut.length
  if (code !== 0 && counted.failed === 0)
    return { ...counted, failed: 1, why: `vitest ended with ${code} although no test of ${project} failed` }
  return counted
}

/** Those of a project that only root on Linux can run. */
function filesOf(project) {
  if (!projectsOfLinuxRoot.includes(project))
    return filesOfLinuxRoot.filter((file) => file.startsWith(`test/${project}/`))
  return readdirSync(join(root, "test", project))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/${project}/${name}`)
}

function run(args, output) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["inherit", output === "lines" ? "pipe" : output, output === "lines" ? "pipe" : "inherit"],
    })
    if (output === "lines") {
      passOn(child.stdout, process.stdout)
      passOn(child.stderr, process.stderr)
    }
    child.on("error", () => resolve(1))
    child.on("close", (status, signal) => resolve(status ?? signal))
  })
}

function passOn(from, to) {
  let begun = ""
  from.setEncoding("utf8")
  from.on("data", (text) => {
    const all = begun + text
    const end = all.lastIndexOf("\n") + 1
    to.write(all.slice(0, end))
    begun = all.slice(end)
  })
  from.on("end", () => to.write(begun))
}

function count(path) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"))
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: pending,
      numTodoTests: todo,
      testResults,
    } = report
    if (![passed, failed, pending, todo].every(Number.isInteger)) return undefined
    // a file that fails before its first test has no test to count: it counts itself
    const broken = testResults.filter(
      (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
    ).length
    const late = testResults.filter((file) =>
      file.assertionResults.some((test) => test.title === "not started before the deadline"),
    )
    return {
      passed,
      failed: failed + broken,
      skipped: pending + todo,
      late: late.map((file) => relative(root, file.name)),
      failures: failures(report, (path) => relative(root, path)),
    }
  } catch {
    return undefined
  }
}

function finish({ passed, failed, skipped }, why) {
  if (why !== undefined) console.error(`\n✗ ${why}`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
  process.exit(failed > 0 ? 1 : 0)
}
