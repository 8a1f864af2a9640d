import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { z } from "zod"
import { parseSettings } from "../../core/config/parse.js"
import { GITHUB_COMMENT_FILE, GITHUB_FILE, githubComment, githubWorkflow } from "../../core/init/github.js"
import { gitlabPipeline } from "../../core/init/gitlab.js"
import { shellScript } from "../../core/init/shell.js"
import { wrapperOf } from "../../core/init/wrapper.js"

const address = { module: "github.com/acme/tollgate@0123456", dagger: "0.21.8" }
const small = "qa: { runner: r.py, suites: { e2e: { files: [tests/test_a.py] } } }\n"
const whole = `qa: { runner: r.py, secrets: [QA_KEY], suites: { e2e: { files: [tests/test_a.py] } } }
image: { name: ghcr.io/acme/shop }
notifications: { slack: {} }
environments:
  staging: { target: { type: sandbox } }
  production: { target: { type: sandbox } }
`
const plain = wrapperOf(parseSettings(small), address)
const full = wrapperOf(parseSettings(whole), address)
const wrappers = [plain, full]

const step = z.looseObject({
  name: z.string(),
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
})
const workflow = z.looseObject({
  permissions: z.strictObject({}),
  jobs: z.record(
    z.string(),
    z.looseObject({
      if: z.string().optional(),
      needs: z.string().optional(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(step),
    }),
  ),
})
const both = wrappers.flatMap((wrapper) => [
  [GITHUB_FILE, workflow.parse(parse(githubWorkflow(wrapper)))] as const,
  [GITHUB_COMMENT_FILE, workflow.parse(parse(githubComment(wrapper)))] as const,
])
const stepsOf = ({ jobs }: z.output<typeof workflow>) => Object.values(jobs).flatMap(({ steps }) => steps)

describe("the GitHub workflows", () => {
  it.each(both)("%s pins each action by commit, and takes no credentials along", (_, { jobs }) => {
    for (const { uses, with: given } of Object.values(jobs).flatMap(({ steps }) => steps)) {
      if (uses === undefined) continue
      expect(uses).toMatch(/^[\w./-]+@[0-9a-f]{40}$/)
      if (uses.startsWith("actions/checkout@")) expect(given).toMatchObject({ "persist-credentials": false })
    }
  })

  it.each(both)("%s lets no expression reach a shell but through env", (_, read) => {
    for (const { run } of stepsOf(read)) expect(run ?? "").not.toContain("${{")
  })

  it.each(both)("%s gives each job what it needs, and none the right to write code", (_, { jobs }) => {
    for (const [name, { permissions }] of Object.entries(jobs)) {
      expect(permissions["contents"] ?? "read").toBe("read")
      const writes = Object.entries(permissions).filter(([, right]) => right === "write")
      expect(writes).toEqual(name === "comment" ? [["pull-requests", "write"]] : [])
    }
  })

  it("run the gates on each event without a filter of paths, and keep the report of a failed run before the verdict", () => {
    const text = githubWorkflow(full)
    const read = workflow.parse(parse(text))
    expect(Object.keys(z.looseObject({ on: z.record(z.string(), z.unknown()) }).parse(parse(text)).on)).toEqual([
      "pull_request",
      "merge_group",
      "push",
      "schedule",
      "workflow_dispatch",
    ])
    expect(text).not.toMatch(/^\s*paths(-ignore)?:/m)
    const steps = read.jobs["ci"]?.steps ?? []
    const at = (name: string) => steps.findIndex((one) => one.name === name)
    expect(at("Gates")).toBeLessThan(at("Keep the report"))
    expect(at("Keep the report")).toBeLessThan(at("Verdict"))
    for (const name of ["Summary", "Keep the report"]) expect(steps[at(name)]?.if).toBe("${{ !cancelled() }}")
    expect(steps[at("Verdict")]?.if).toBeUndefined()
  })

  it("notify of each run on main before its verdict, with the status of the run before, and of no pull request", () => {
    const steps = workflow.parse(parse(githubWorkflow(full))).jobs["ci"]?.steps ?? []
    const at = steps.findIndex(({ name }) => name === "Notify")
    expect(at).toBeLessThan(steps.findIndex(({ name }) => name === "Verdict"))
    expect(steps[at]?.if).toBe("${{ !cancelled() && github.ref == 'refs/heads/main' }}")
    const before = steps.find(({ name }) => name === "Status of the run before")
    expect(before).toMatchObject({ if: "github.ref == 'refs/heads/main'", with: { path: "before" } })
    expect(parse(gitlabPipeline(full))["tollgate"]).toMatchObject({ cache: { when: "always" } })
    for (const text of [githubWorkflow(plain), gitlabPipeline(plain)]) expect(text).not.toContain("ci-notify")
  })

  it("deploy only after the gates, from the branch of the environment, and never for a pull request", () => {
    const { jobs } = workflow.parse(parse(githubWorkflow(full)))
    expect(Object.keys(jobs)).toEqual(["ci", "staging", "production", "operator"])
    for (const [name, branch] of [
      ["staging", "develop"],
      ["production", "main"],
    ] as const)
      expect(jobs[name]).toMatchObject({
        needs: "ci",
        if: `github.event_name == 'push' && github.ref == 'refs/heads/${branch}'`,
        environment: { name },
        concurrency: { "cancel-in-progress": false },
      })
  })

  it("have no job that deploys where tollgate.yaml has no target, and pass no secret that nothing reads", () => {
    const text = githubWorkflow(plain)
    expect(Object.keys(workflow.parse(parse(text)).jobs)).toEqual(["ci"])
    expect(text).not.toContain("secrets.")
  })

  it("comment on a pull request from data alone: no code of it is checked out", () => {
    const text = githubComment(plain)
    expect(text).not.toContain("actions/checkout")
    expect(text).not.toContain("pr-comment.md")
    expect(text).toContain("ci-comment --report=report")
  })
})

describe("the other wrappers", () => {
  it("make the same calls as GitHub's", () => {
    for (const wrapper of wrappers) {
      const calls = (text: string) =>
        [...new Set(text.match(/(?:ci-report|ci-verdict|ci-notify|deploy|rollback|maintenance)(?= )/g))].sort()
      const github = calls(githubWorkflow(wrapper).replace(/^.*(#|options:|inputs\.|name:).*$/gm, ""))
      expect(calls(gitlabPipeline(wrapper).replace(/^.*(#|stages:|stage:|name:).*$/gm, ""))).toEqual(github)
      expect(calls(shellScript(wrapper))).toEqual(["ci-report", "ci-verdict"])
    }
  })

  it("are what GitLab and a shell can read", () => {
    for (const wrapper of wrappers) {
      expect(parse(gitlabPipeline(wrapper))["tollgate"].artifacts).toMatchObject({
        when: "always",
        reports: { junit: "tollgate-report/ci/junit.xml", annotations: "tollgate-report/annotations.json" },
      })
      expect(spawnSync("sh", ["-n"], { input: shellScript(wrapper), encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      })
    }
  })
})
