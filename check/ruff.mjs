// Lint and formatting of every Python file that git tracks, but for the fixtures: those are as their teams wrote them.
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs"

// what runs in the app's own interpreter works from Python 3.9 on; the example has one of its own
const OURS = settings("py39", [])
const EXAMPLE = settings("py311", ["B008"])

const write = process.argv.includes("--write")
const tracked = execFileSync("git", ["ls-files", "-z", "*.py"], { encoding: "utf8" }).split("\0")
const files = tracked.filter((path) => path !== "" && !/(^|\/)fixtures\//.test(path))
let problems = 0
for (const path of files) {
  const text = readFileSync(path, "utf8")
  const workspace = path.startsWith("examples/") ? EXAMPLE : OURS
  const formatted = workspace.format(text)
  if (formatted !== text) {
    if (write) writeFileSync(path, formatted)
    else report(path, 1, "is not formatted")
  }
  for (const { code, message, start_location: at } of workspace.check(write ? formatted : text))
    report(path, at.row, `${code} ${message}`)
}
console.log(`${files.length} Python files, ${problems} problems`)
process.exitCode = problems > 0 ? 1 : 0

function report(path, line, what) {
  problems += 1
  console.error(`${path}:${line}  ${what}`)
}

function settings(python, ignore) {
  // E501: the formatter wraps what can be wrapped; SIM105, SIM115: rules of taste
  const lint = { select: ["E", "F", "W", "B", "UP", "SIM"], ignore: ["E501", "UP031", "SIM105", "SIM115", ...ignore] }
  return new Workspace({ "line-length": 120, "target-version": python, lint }, PositionEncoding.Utf16)
}
