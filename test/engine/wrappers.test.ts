import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import { parse } from "yaml"
import { z } from "zod"
import { parseSettings } from "../../core/config/parse.js"
import { wrapperFiles } from "../../core/init/files.js"
import { GITHUB_FILE } from "../../core/init/github.js"
import { GITLAB_FILE } from "../../core/init/gitlab.js"
import { SHELL_FILE } from "../../core/init/shell.js"
import { wrapperOf } from "../../core/init/wrapper.js"
import { PRICE, TESTED } from "./price.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const SHOP = fileURLToPath(new URL("fixtures/shop/", import.meta.url))
const SETTINGS = `qa:
  services: { postgres: false, redis: false }
  suites:
    unit: { files: [tests/test_shop.py] }
  coverage: { source: [shop], threshold: 0, patch: { threshold: 80, fewestLines: 3 } }
paths:
  image: [Dockerfile]
  scan: [Dockerfile]
`

const work = mkdtempSync(join(tmpdir(), "tollgate-wrappers-"))
const origin = join(work, "origin")
const path = (...parts: string[]) => join(work, ...parts)
let [before, commit] = ["", ""]
/** What the commands said that failed. */
const failures: string[] = []

function git(folder: string, ...args: string[]): string {
  const config = ["-c", "user.name=T", "-c", "user.email=t@shop.example", "-c", "commit.gpgsign=false"]
  return execFileSync("git", ["-C", folder, ...config, ...args], { encoding: "utf8" }).trim()
}

function committed(message: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(origin, name, ".."), { recursive: true })
    writeFileSync(join(origin, name), text)
  }
  git(origin, "add", ".")
  git(origin, "commit", "--quiet", `--message=${message}`)
  return git(origin, "rev-parse", "HEAD")
}

/** As a CI checks it out. */
function checkedOut(revision: string, ...place: string[]): string {
  git(work, "clone", "--quiet", "--no-checkout", origin, path(...place))
  git(path(...place), "checkout", "--quiet", "--detach", revision)
  return path(...place)
}

/** The commands as the CI's shell runs them: none after one that failed. */
function run(folder: string, script: string, env: Record<string, string>): number | null {
  const path = [join(work, "bin"), process.env["PATH"] ?? ""].join(delimiter)
  const given = { ...process.env, PATH: path, ...env }
  const { status, stderr } = spawnSync("bash", ["-e", "-c", script], { cwd: folder, env: given, encoding: "utf8" })
  if (status !== 0) failures.push(stderr.slice(-3000))
  return status
}

beforeAll(() => {
  mkdirSync(join(work, "bin"))
  symlinkSync(process.env["_EXPERIMENTAL_DAGGER_CLI_BIN"] ?? "dagger", join(work, "bin/dagger"))
  mkdirSync(origin)
  git(work, "init", "--quiet", "--initial-branch=main", origin)
  cpSync(SHOP, origin, { recursive: true })
  const wrapper = wrapperOf(parseSettings(SETTINGS), { module: ROOT, dagger: "0.21.8" })
  const wrappers = wrapperFiles(wrapper, ["github", "gitlab", "shell"]).map(({ path, text }) => [path, text])
  before = committed("Start", { ...Object.fromEntries(wrappers), "tollgate.yaml": SETTINGS })
  commit = committed("Add prices", { "shop/price.py": PRICE, "tests/test_shop.py": TESTED })
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const step = z.looseObject({
  name: z.string(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
})
const github = z.looseObject({
  env: z.record(z.string(), z.string()),
  jobs: z.looseObject({ ci: z.looseObject({ steps: z.array(step) }) }),
})

/** The steps of the job `ci` that are commands, for a pull request; actions are stood in for by what they leave. */
function runGithub(): number | null {
  const folder = path("github")
  checkedOut(commit, "github", "source")
  checkedOut(before, "github", "base")
  const workflow = github.parse(parse(readFileSync(join(folder, "source", GITHUB_FILE), "utf8")))
  const env = {
    ...workflow.env,
    GITHUB_SHA: commit,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
  }
  const codes = ["Gates", "Summary", "Verdict"].map((name) => {
    const one = workflow.jobs.ci.steps.find((step) => step.name === name)
    // of `pull_request && '--base=base' || ''` the middle; of a cache without a hit the last
    const [, base = ""] = /&& '(--base=[^']+)'/.exec(one?.env["BASE"] ?? "") ?? []
    return run(folder, one?.run ?? "exit 99", { ...env, BASE: base, BASELINE: "", RUN_URL: "https://ci.example/1" })
  })
  expect(codes.slice(0, 2), failures.join("\n")).toEqual([0, 0])
  expect(readFileSync(env.GITHUB_STEP_SUMMARY, "utf8")).toContain("FAILED: 1 of 7 gates")
  return codes[2] ?? null
}

const gitlab = z.looseObject({
  ".tollgate": z.looseObject({ variables: z.record(z.string(), z.string()) }),
  tollgate: z.looseObject({ script: z.array(z.string()) }),
})

function runGitlab(): number | null {
  const folder = checkedOut(commit, "gitlab", "source")
  const job = gitlab.parse(parse(readFileSync(join(folder, GITLAB_FILE), "utf8")))
  const { TOLLGATE = "" } = job[".tollgate"].variables
  return run(folder, job.tollgate.script.join("\n"), {
    TOLLGATE,
    CI_MERGE_REQUEST_DIFF_BASE_SHA: before,
    CI_COMMIT_SHA: commit,
    CI_PROJECT_URL: "https://gitlab.example/acme/shop",
    CI_JOB_URL: "https://gitlab.example/jobs/1",
  })
}

function runShell(): number | null {
  return run(checkedOut(commit, "shell"), `sh ${SHELL_FILE} ${before}`, {})
}

function runCommandLine(): number | null {
  const folder = checkedOut(commit, "laptop")
  const command = [process.execPath, join(ROOT, "bin/tollgate.mjs"), "ci", `--base=${before}`]
  return run(folder, command.map((one) => `'${one}'`).join(" "), {})
}

/** What two runs of one commit may differ in. */
function withoutTimes(file: string): string {
  return readFileSync(file, "utf8").replace(/^( *"(?:startedAt|seconds|from|cached)": ).*$/gm, "$1…")
}

it("GitHub, GitLab, a shell and a laptop fail for the same commit with the same status.json, and keep the report", () => {
  const codes = { github: runGithub(), gitlab: runGitlab(), shell: runShell(), laptop: runCommandLine() }
  expect(codes, failures.join("\n")).toEqual({ github: 1, gitlab: 1, shell: 1, laptop: 1 })
  const reports = [
    path("github/report"),
    ...["gitlab/source", "shell", "laptop"].map((place) => path(place, "tollgate-report/ci")),
  ]
  for (const report of reports)
    for (const name of [
      "index.html",
      "junit.xml",
      "annotations.txt",
      "gl-code-quality.json",
      "pr-comment.md",
      "test/report.html",
      "patch-coverage/report.html",
    ])
      expect(existsSync(join(report, name)), `${name} in ${report}`).toBe(true)
  const [first = "", ...others] = reports.map((report) => withoutTimes(join(report, "status.json")))
  expect(first).toContain('"50.00 % of 6 changed lines is below 80 %"')
  for (const other of others) expect(other).toBe(first)
})
