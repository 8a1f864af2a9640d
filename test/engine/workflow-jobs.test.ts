import { execFileSync, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { GITHUB_COMMENT_FILE, GITHUB_FILE, githubComment, githubWorkflow } from "../../core/init/github.js"
import { wrapperOf } from "../../core/init/wrapper.js"
import { registryWorkflows } from "./workflow-registries.js"
import { workflowTools } from "./workflow-tools.js"

/**
 * The workflows themselves, run by act on this machine: their triggers, conditions, outputs and shells are real. The actions are stand-ins
 * that leave what the steps after them need, and `dagger` and `gh` are some that write down how they were called.
 */

const SETTINGS = `qa: { runner: r.py, secrets: [QA_KEY], suites: { e2e: { files: [tests/test_a.py] } } }
image: { name: registry.shop.example/acme/shop }
notifications: { slack: {} }
environments:
  staging: { target: { type: sandbox } }
  production:
    target: { type: sandbox }
    approvals: { required: 1, keys: [{ name: Mei Lin, key: "ed25519:aHvArW02RGsttjtW/Z+REKTK9vbbCLSO4FgfR8sJ3s0=" }] }
`
const REGISTRIES = registryWorkflows(SETTINGS, "registry.shop.example/acme/shop")
const OWN_FILE = ".github/workflows/ci.yml"
const BASE = "b".repeat(40)
const work = mkdtempSync(join(tmpdir(), "tollgate-workflow-jobs-"))
const place = (...parts: string[]) => join(work, ...parts)
const CALLS = place("calls")
let tools = { actionlint: "", act: "" }

function write(path: string, text: string): void {
  mkdirSync(dirname(place(path)), { recursive: true })
  writeFileSync(place(path), text)
}

/** An action that runs a command of bash with its inputs. */
function standIn(path: string, inputs: string[], run: string, outputs = ""): void {
  const given = inputs.map((name) => `${name}: { default: "" }`).join(", ")
  const steps = `  steps: [{ id: step, shell: bash, run: ${JSON.stringify(run)} }]`
  write(
    `actions/${path}/action.yml`,
    `name: stand-in\ninputs: { ${given} }\n${outputs}runs:\n  using: composite\n${steps}\n`,
  )
}

const noted = (...words: string[]) =>
  `printf '%s\\x1f' ${words.map((word) => `"${word}"`).join(" ")} >> "$CALLS"; echo >> "$CALLS"`
const DAGGER = `#!/bin/bash
printf '%s\\x1f' dagger "$@" >> "$CALLS"; echo >> "$CALLS"
case " $* " in
  *" ci-report "*) mkdir -p report/scan; echo "# summary" > report/summary.md; echo "$NOTE" > report/annotations.txt; touch report/status.json report/scan/scan.json ;;
  *" ci-verdict "*) exit "$VERDICT" ;;
  *" deploy "*) if [ -n "$WAITS" ]; then printf 'Error: Tollgate 0.1.0\n\nWAITING: 1 needs approvals [traceparent:0a]\n' >&2; exit 1; fi ;;
  *" plan "*) mkdir -p plan; echo {} > plan/plan.json ;;
  *" ci-comment "*) printf '<!-- tollgate:ci -->\nPASSED\n' > comment.md ;;
esac
`
const GH = `#!/bin/bash
printf '%s\\x1f' gh "$@" >> "$CALLS"; echo >> "$CALLS"
case " $* " in
  *"/pulls?"*) echo "$PULL" ;;
  *"/comments?"*) echo "$COMMENT" ;;
esac
`

beforeAll(async () => {
  tools = await workflowTools()
  const wrapper = wrapperOf(parseSettings(SETTINGS), { module: "github.com/acme/tollgate@0123456", dagger: "0.21.8" })
  write(`repository/${GITHUB_FILE}`, githubWorkflow(wrapper))
  write(`repository/${GITHUB_COMMENT_FILE}`, githubComment(wrapper))
  for (const [path, text] of Object.entries(REGISTRIES)) write(`repository/${path}`, text)
  write(`repository/${OWN_FILE}`, readFileSync(new URL(`../../${OWN_FILE}`, import.meta.url), "utf8"))
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", place("repository"), "-c", "user.name=T", "-c", "user.email=t@shop.example", ...args])
  git("init", "--quiet", "--initial-branch=main")
  git("add", ".")
  git("commit", "--quiet", "--message=Start")

  const checkout = 'mkdir -p "${{ inputs.path }}"'
  standIn(
    "checkout",
    ["path", "ref", "persist-credentials"],
    `${noted("checkout", "${{ inputs.path }}", "${{ inputs.ref }}")}; ${checkout}`,
  )
  standIn("upload-artifact", ["name", "path", "if-no-files-found"], noted("upload", "${{ inputs.path }}"))
  standIn("dagger-for-github", ["version"], noted("install", "${{ inputs.version }}"))
  const matched = "outputs: { cache-matched-key: { value: '${{ steps.step.outputs.key }}' } }\n"
  standIn("cache/restore", ["path", "key", "restore-keys"], 'echo "key=$CACHED" >> "$GITHUB_OUTPUT"', matched)
  standIn("cache/save", ["path", "key"], noted("save", "${{ inputs.path }}"))
  const artifact = noted("download", "${{ inputs.name }}", "${{ inputs.run-id }}")
  standIn(
    "download-artifact",
    ["name", "path", "run-id", "github-token"],
    `${artifact}; mkdir -p "\${{ inputs.path }}"`,
  )
  for (const [name, text] of Object.entries({ dagger: DAGGER, gh: GH })) {
    write(`bin/${name}`, text)
    chmodSync(place("bin", name), 0o755)
  }
  // act asks for its defaults where it finds none
  write("home/.config/act/actrc", "\n")
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

interface Told {
  event: string
  /** Path of the workflow; left out: the main one. */
  file?: string
  payload?: object
  inputs?: Record<string, string>
  /** Exit code of ci-verdict. */
  verdict?: number
  /** The deployment lacks approvals. */
  waits?: boolean
  /** Key of the cache entry that is found. */
  cached?: string
  /** Number of the open pull request, and id of Tollgate's comment there. */
  pull?: string
  comment?: string
}

/** Each line of the stand-ins, without what every call of dagger begins with. */
function runs({ event, file = GITHUB_FILE, payload = {}, inputs = {}, verdict = 0, waits = false, ...told }: Told) {
  rmSync(CALLS, { force: true })
  write("event.json", JSON.stringify({ ...payload, inputs }))
  const actions = [
    ...readFileSync(place("repository", file), "utf8").matchAll(/uses: ([\w-]+\/([\w-]+))\S*?@([0-9a-f]{40})/g),
  ]
  const stood = new Set(
    actions.map(([, name, folder, commit]) => `${name}@${commit}=${place("actions", folder ?? "")}`),
  )
  const note = "::error title=Tollgate::test failed"
  const { cached = "", pull = "", comment = "" } = told
  const given = { CACHED: cached, PULL: pull, COMMENT: comment, NOTE: note }
  const variables = { CALLS, VERDICT: String(verdict), WAITS: waits ? "1" : "", ...given }
  const ran = spawnSync(
    tools.act,
    [
      event,
      `--eventpath=${place("event.json")}`,
      "--platform=ubuntu-24.04=-self-hosted",
      `--workflows=${file}`,
      "--no-skip-checkout",
      "--action-offline-mode",
      "--secret=TOLLGATE_REGISTRY_USER=robot",
      ...[...stood].map((one) => `--local-repository=${one}`),
      ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
    ],
    {
      cwd: place("repository"),
      encoding: "utf8",
      env: {
        PATH: [place("bin"), process.env["PATH"] ?? ""].join(delimiter),
        HOME: place("home"),
        ACT_DISABLE_VERSION_CHECK: "1",
      },
    },
  )
  const lines = existsSync(CALLS) ? readFileSync(CALLS, "utf8").split("\x1f\n").filter(Boolean) : []
  const calls = lines.map((line) =>
    line
      .split("\x1f")
      .filter(
        (word) => !["dagger", "-m", "github.com/acme/tollgate@0123456", "call", "--source=source"].includes(word),
      ),
  )
  return { code: ran.status, calls, said: `${ran.stdout}${ran.stderr}` }
}

/** The function of each call of dagger. */
const FUNCTIONS = ["ci-report", "ci-verdict", "ci-notify", "deploy", "plan", "rollback", "maintenance"]
const functions = (calls: string[][]) => calls.map(([first = ""]) => first).filter((first) => FUNCTIONS.includes(first))
const pushTo = (branch: string) => ({ event: "push", payload: { ref: `refs/heads/${branch}` } })
const dispatched = (inputs: Record<string, string>) => ({
  event: "workflow_dispatch",
  inputs: { environment: "production", reason: "", approval: "", second_approval: "", ...inputs },
})

it("actionlint finds nothing in the workflows, with every job and login that init writes, and in this repository's own", () => {
  const files = [GITHUB_FILE, GITHUB_COMMENT_FILE, OWN_FILE, ...Object.keys(REGISTRIES)]
  // whether the machine has shellcheck or pyflakes decides nothing
  const options = ["-no-color", "-verbose", "-shellcheck=", "-pyflakes="]
  const ran = spawnSync(tools.actionlint, [...options, ...files], { cwd: place("repository"), encoding: "utf8" })
  expect({ code: ran.status, found: ran.stdout }).toEqual({ code: 0, found: "" })
  for (const file of files) expect(ran.stderr).toContain(file)
})

describe("the workflow on GitHub", () => {
  it("compares a pull request with its base and the last run on main, and deploys nothing", () => {
    const { code, calls, said } = runs({
      event: "pull_request",
      payload: { pull_request: { base: { sha: BASE } } },
      cached: "tollgate-report-1",
    })
    expect(code, said).toBe(0)
    expect(calls).toContainEqual(["checkout", "base", BASE])
    expect(functions(calls)).toEqual(["ci-report", "ci-verdict"])
    const report = calls.find(([first]) => first === "ci-report")
    expect(report).toEqual(
      expect.arrayContaining(["--base=base", "--baseline=baseline", "--secrets=env:TOLLGATE_GATE_SECRETS"]),
    )
  })

  it("keeps the report of a red run, notifies of it on main, and deploys nothing", () => {
    const { code, calls, said } = runs({ ...pushTo("main"), verdict: 1 })
    expect(code, said).toBe(1)
    expect(said).toContain("Summary - # summary")
    expect(said).toMatch(/❗.*test failed/)
    expect(calls).toContainEqual(["upload", "report"])
    expect(functions(calls)).toEqual(["ci-report", "ci-notify", "ci-verdict"])
    expect(calls).not.toContainEqual(["save", "baseline"])
  })

  it("deploys staging from develop, after the gates, without a base", () => {
    const { code, calls, said } = runs(pushTo("develop"))
    expect(code, said).toBe(0)
    expect(functions(calls)).toEqual(["ci-report", "ci-verdict", "deploy"])
    expect(calls.flat().filter((word) => /^--(env|base|baseline)=/.test(word))).toEqual(["--env=staging"])
    expect(calls.at(-1)).toContain("--registry-user=robot")
  })

  it("deploys production from main, and keeps the report as the baseline of pull requests", () => {
    const { code, calls, said } = runs(pushTo("main"))
    expect(code, said).toBe(0)
    expect(calls).toContainEqual(["save", "baseline"])
    expect(functions(calls)).toEqual(["ci-report", "ci-notify", "ci-verdict", "deploy"])
    expect(calls.at(-1)).toContain("--env=production")
  })

  it("ends with 3 while a deployment lacks approvals, keeps its plan and says what to type", () => {
    const waiting = runs({ ...pushTo("main"), waits: true })
    expect(waiting.code, waiting.said).toBe(1)
    expect(waiting.said).toContain("exit status 3")
    expect(functions(waiting.calls)).toEqual(["ci-report", "ci-notify", "ci-verdict", "deploy", "plan"])
    expect(waiting.calls.at(-1)).toEqual(["upload", "plan"])
    expect(waiting.said).toContain("production waits for approvals")
    expect(waiting.said).toContain("tollgate approve --plan=plan.json")

    const byHand = runs({ ...dispatched({ action: "deploy", approval: "{}" }), waits: true })
    expect(functions(byHand.calls)).toEqual(["deploy", "plan"])
    expect(byHand.calls.at(-1)).toEqual(["upload", "plan"])
  })

  it("runs the gates alone for a merge queue, each night and by hand", () => {
    const queue = { ref: "refs/heads/gh-readonly-queue/main/pr-7", merge_group: { base_sha: BASE } }
    const all: [Told, string[]][] = [
      [{ event: "merge_group", payload: queue }, ["--base=base"]],
      [{ event: "schedule" }, []],
      [dispatched({ action: "gates" }), []],
    ]
    for (const [told, base] of all) {
      const { code, calls, said } = runs(told)
      expect(code, said).toBe(0)
      expect(functions(calls), told.event).toEqual(expect.arrayContaining(["ci-report", "ci-verdict"]))
      expect(functions(calls), told.event).not.toContain("deploy")
      expect(calls.flat().filter((word) => word.startsWith("--base="))).toEqual(base)
    }
  })

  it("does what an operator asks, and nothing else; a reason is one argument, whatever it says", () => {
    const reason = `it's "slow"; echo $(touch ${place("pwned")}) \`touch ${place("pwned")}\` \${{ secrets.X }}`
    const back = runs(dispatched({ action: "rollback", reason }))
    expect(back.code, back.said).toBe(0)
    expect(functions(back.calls)).toEqual(["rollback"])
    expect(back.calls.at(-1)).toEqual(expect.arrayContaining(["--env=production", `--reason=${reason}`]))
    expect(existsSync(place("pwned"))).toBe(false)

    const off = runs(dispatched({ action: "maintenance off", environment: "staging" }))
    expect(functions(off.calls)).toEqual(["maintenance"])
    expect(off.calls.at(-1)).toEqual(expect.arrayContaining(["--env=staging", "--state=off"]))
  })

  it("deploys by hand with as many approvals as were passed", () => {
    const approvals = (calls: string[][]) => calls.flat().filter((word) => word.startsWith("--approval"))
    const one = runs(dispatched({ action: "deploy", approval: '{"plan":"x"}' }))
    expect(one.code, one.said).toBe(0)
    expect(functions(one.calls)).toEqual(["deploy"])
    expect(approvals(one.calls)).toEqual(["--approval=approval.json"])
    const both = runs(dispatched({ action: "deploy", approval: "{}", second_approval: "{}" }))
    expect(approvals(both.calls)).toEqual(["--approval=approval.json", "--approval=second-approval.json"])
  })
})

describe("the comment's workflow, after a run of a pull request", () => {
  const SHA = "c".repeat(40)
  const after = (event: string, more: Partial<Told> = {}) =>
    runs({
      event: "workflow_run",
      file: GITHUB_COMMENT_FILE,
      payload: { workflow_run: { id: 815, event, head_sha: SHA, html_url: "https://github.example/runs/815" } },
      ...more,
    })
  const written = (calls: string[][]) =>
    calls.filter((call) => call.includes("--method")).map((call) => call.slice(2, 5))

  it("writes a comment from that run's artifact alone, and edits its own one the next time", () => {
    const first = after("pull_request", { pull: "7" })
    expect(first.code, first.said).toBe(0)
    expect(first.calls[0]).toEqual(["download", "ci-report", "815"])
    const words = first.calls.find((call) => call.includes("ci-comment"))
    expect(words).toEqual(expect.arrayContaining(["--report=report", "--url=https://github.example/runs/815"]))
    expect(first.calls.flat()).not.toContain("checkout")
    expect(written(first.calls)).toEqual([["--method", "POST", expect.stringMatching(/\/issues\/7\/comments$/)]])

    const next = after("pull_request", { pull: "7", comment: "99" })
    expect(written(next.calls)).toEqual([["--method", "PATCH", expect.stringMatching(/\/issues\/comments\/99$/)]])
  })

  it("writes nothing for a run of a push, and nothing where no pull request is open any more", () => {
    const push = after("push", { pull: "7" })
    expect([push.code, push.calls], push.said).toEqual([0, []])
    const closed = after("pull_request")
    expect([closed.code, written(closed.calls)], closed.said).toEqual([0, []])
  })
})
