import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { z } from "zod"
import { webUrl } from "../../cli/image/stamp.js"
import { parseSettings } from "../../core/config/parse.js"
import { GITHUB_COMMENT_FILE, GITHUB_FILE, githubComment, githubWorkflow } from "../../core/init/github.js"
import { gitlabPipeline } from "../../core/init/gitlab.js"
import { registryLogin } from "../../core/init/registry-login.js"
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
const approved = `${whole.slice(0, whole.indexOf("  production:"))}  production:
    target: { type: sandbox }
    approvals:
      required: 2
      keys:
        - { name: Mei Lin, key: "ed25519:aHvArW02RGsttjtW/Z+REKTK9vbbCLSO4FgfR8sJ3s0=" }
        - { name: Bo Chen, key: "ed25519:Y+Ryr6affTQJ+CVa4ji7xPQOj3GJPb+xrPlFhDs205Y=" }
`
const plain = wrapperOf(parseSettings(small), address)
const full = wrapperOf(parseSettings(whole), address)
const asking = wrapperOf(parseSettings(approved), address)
const publishing = (image: string) => wrapperOf(parseSettings(whole.replace("ghcr.io/acme/shop", image)), address)
const aws = publishing("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop")
const google = publishing("europe-west1-docker.pkg.dev/acme/pay/shop")
const azure = publishing("acmeshop-x7f2.azurecr.io/shop")
const stored = publishing("registry.shop.example/shop")
const wrappers = [plain, full, asking, aws, google, azure, stored]

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
      const deploys = ["staging", "production", "operator"].includes(name)
      const allowed = name === "comment" ? ["pull-requests"] : deploys ? ["packages", "id-token"] : []
      expect(allowed).toEqual(expect.arrayContaining(writes.map(([right]) => right)))
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

describe("a job that publishes", () => {
  const jobOf = (wrapper: typeof full, name: string) => workflow.parse(parse(githubWorkflow(wrapper))).jobs[name]
  const deployEnvironment = (wrapper: typeof full) =>
    z
      .looseObject({ env: z.record(z.string(), z.string()) })
      .parse(jobOf(wrapper, "production")?.steps.find(({ name }) => name === "Deploy")).env

  it.each([
    ["GHCR", full, { packages: "write" }, [], "${{ github.actor }}", "${{ secrets.GITHUB_TOKEN }}"],
    [
      "ECR",
      aws,
      { "id-token": "write" },
      ["aws-actions/configure-aws-credentials", "aws-actions/amazon-ecr-login"],
      "AWS",
      "${{ steps.registry.outputs.docker_password_123456789012_dkr_ecr_eu_west_1_amazonaws_com }}",
    ],
    [
      "Artifact Registry",
      google,
      { "id-token": "write" },
      ["google-github-actions/auth"],
      "oauth2accesstoken",
      "${{ steps.registry.outputs.access_token }}",
    ],
    [
      "Azure",
      azure,
      { "id-token": "write" },
      ["azure/login"],
      "00000000-0000-0000-0000-000000000000",
      "${{ steps.registry.outputs.password }}",
    ],
    [
      "another registry",
      stored,
      {},
      [],
      "${{ secrets.TOLLGATE_REGISTRY_USER }}",
      "${{ secrets.TOLLGATE_REGISTRY_PASSWORD }}",
    ],
  ] as const)("to %s logs in with what that registry takes", (_, wrapper, rights, actions, user, password) => {
    for (const name of ["staging", "production", "operator"]) {
      const job = jobOf(wrapper, name)
      expect(job?.permissions).toEqual({ contents: "read", ...rights })
      const logins = job?.steps.filter((one) => /^Log in to/.test(one.name)) ?? []
      expect(logins.flatMap(({ uses }) => uses?.split("@")[0] ?? [])).toEqual(actions)
      // an operator who rolls back needs no cloud
      for (const one of logins) expect(one.if).toBe(name === "operator" ? "inputs.action == 'deploy'" : undefined)
    }
    expect(deployEnvironment(wrapper)).toMatchObject({
      TOLLGATE_REGISTRY_USER: user,
      TOLLGATE_REGISTRY_PASSWORD: password,
    })
    expect(githubWorkflow(wrapper).includes("secrets.TOLLGATE_REGISTRY")).toBe(wrapper === stored)
  })

  it("asks Azure for the registry's token, hides it in the log, and passes it on", () => {
    const script = jobOf(azure, "production")?.steps.find(({ name }) => name === "Log in to the registry")?.run ?? ""
    const folder = mkdtempSync(join(tmpdir(), "tollgate-azure-"))
    try {
      writeFileSync(join(folder, "az"), `#!/bin/sh\necho "$@" > "${folder}/asked"; echo the-token\n`, { mode: 0o755 })
      const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}`, GITHUB_OUTPUT: join(folder, "output") }
      const ran = spawnSync("bash", ["-e", "-c", script], { encoding: "utf8", env })
      expect(ran).toMatchObject({ status: 0, stdout: "::add-mask::the-token\n" })
      expect(readFileSync(join(folder, "output"), "utf8")).toBe("password=the-token\n")
      expect(readFileSync(join(folder, "asked"), "utf8")).toContain(
        "acr login --name acmeshop --suffix x7f2 --expose-token",
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([
    ["ghcr.io/acme/shop", "github"],
    ["registry.gitlab.com/acme/shop", "gitlab"],
    ["123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/shop", "aws"],
    ["us-docker.pkg.dev/acme/pay/shop", "google"],
    ["acmeshop.azurecr.io/shop", "azure"],
    // other endpoints, partitions and names that only look like one
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop", "stored"],
    ["ghcr.io.shop.example/acme/shop", "stored"],
    ["shop.example/us-docker.pkg.dev/shop", "stored"],
    ["acme/shop", "stored"],
    ["localhost:5000/shop", "stored"],
  ])("knows the registry of %s", (image, kind) => {
    expect(registryLogin(image).kind).toBe(kind)
  })

  it("on GitLab logs in to GitLab's registry with its own token, and to any other with stored variables", () => {
    const variables = (wrapper: typeof full) => parse(gitlabPipeline(wrapper))["production"].variables
    expect(variables(publishing("registry.gitlab.com/acme/shop"))).toEqual({
      TOLLGATE_REGISTRY_USER: "$CI_REGISTRY_USER",
      TOLLGATE_REGISTRY_PASSWORD: "$CI_REGISTRY_PASSWORD",
    })
    for (const wrapper of [full, aws, stored]) expect(variables(wrapper)).toBeUndefined()
  })
})

describe("the other wrappers", () => {
  it("make the same calls as GitHub's", () => {
    for (const wrapper of wrappers) {
      const calls = (text: string) =>
        [
          ...new Set(text.match(/(?:ci-report|ci-verdict|ci-notify|deploy|plan|rollback|maintenance)(?= --| \$\{)/g)),
        ].sort()
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

/** Arguments of a call of the shell script, in a clone whose origin is this. */
function calledInClone(script: string, origin: string | null): string[] {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-shell-"))
  try {
    const git = (...args: string[]) => {
      const author = ["-c", "user.name=Ann", "-c", "user.email=ann@shop.example"]
      expect(spawnSync("git", [...author, ...args], { cwd: folder, encoding: "utf8" }).stderr).toBe("")
    }
    git("init", "--quiet", "--initial-branch=main")
    git("commit", "--quiet", "--allow-empty", "--message=Start", "--date=2026-11-29T09:30:00+08:00")
    if (origin !== null) git("remote", "add", "origin", origin)
    mkdirSync(join(folder, "bin"))
    writeFileSync(join(folder, "bin/dagger"), `#!/bin/sh\nprintf '%s\\n' "$@" >> "${folder}/calls"\n`, { mode: 0o755 })
    const env = { PATH: `${folder}/bin:${process.env["PATH"] ?? ""}` }
    expect(spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8", env })).toMatchObject({
      status: 0,
      stderr: "",
    })
    return readFileSync(join(folder, "calls"), "utf8").split("\n")
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("the shell script", () => {
  it.each([
    "https://github.com/acme/shop.git",
    "https://robot:token@git.acme.example:8443/pay/shop/",
    "ssh://git@git.acme.example:2222/pay/shop.git/",
    "git@github.com:acme/shop.git",
    "git.acme.example:shop",
    "/srv/git/shop.git",
    null,
  ])("labels the image with commit, time and repository, as the command line does, with the origin %s", (origin) => {
    const words = calledInClone(shellScript(plain), origin)
    expect(words.filter((word) => word.startsWith("--source-url="))).toEqual([`--source-url=${webUrl(origin ?? "")}`])
    expect(words.filter((word) => word.startsWith("--created="))).toEqual([expect.stringMatching(/=\d{4}-\d\d-\d\dT/)])
    expect(words.filter((word) => word.startsWith("--revision="))).toEqual([expect.stringMatching(/=[0-9a-f]{40}$/)])
  })
})

const steps = z.array(z.looseObject({ name: z.string(), run: z.string().optional() }))

/** How the commands of a CI's job for production end, with a dagger that ends as asked. */
function deployed(ci: "github" | "gitlab", ending: "live" | "waiting" | "failed") {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-waiting-"))
  try {
    const screens = {
      live: "LIVE: shop 1 is serving in production, after 35.3 s",
      waiting:
        "WAITING: 1 needs approvals of plan plan-7f for production; 0 (cdcdcdcdcdcd) is serving [traceparent:0a-0b]",
      failed: "FAILED: nothing was changed in production; 0 (cdcdcdcdcdcd) is serving [traceparent:0a-0b]",
    }
    // as dagger prints an error: first in its progress, then at the end; the app's own lines may say anything
    const printed = `! step\nWAITING: for the app, as its log says\nError: Tollgate 0.1.0 · deploy\n  WAITING: a log line\n${screens[ending]}\n`
    writeFileSync(join(folder, "screen"), ending === "live" ? `${screens.live}\n` : printed)
    writeFileSync(
      join(folder, "dagger"),
      `#!/bin/sh
echo "$@" >> "${folder}/calls"
case " $* " in
  *" deploy "*) cat "${folder}/screen" >&2; exit ${ending === "live" ? 0 : 1} ;;
  *" plan "*) for last; do :; done; file=\${last#--path=}; mkdir -p "$(dirname "$file")"; echo {} > "$file" ;;
esac
`,
      { mode: 0o755 },
    )
    const script =
      ci === "github"
        ? steps.parse(parse(githubWorkflow(asking)).jobs.production.steps).find(({ name }) => name === "Deploy")?.run
        : z
            .array(z.string())
            .parse(parse(gitlabPipeline(asking))["production"].script)
            .join("\n")
    const [output, summary] = [join(folder, "output"), join(folder, "summary")]
    for (const file of [output, summary]) writeFileSync(file, "")
    const commit = "0123456789abcdef0123456789abcdef01234567"
    const ran = spawnSync(ci === "github" ? "bash" : "sh", ["-e", "-c", script ?? "exit 99"], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: `${folder}:${process.env["PATH"] ?? ""}`,
        TOLLGATE: address.module,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_SHA: commit,
        GITHUB_REF_NAME: "main",
        CI_COMMIT_SHA: commit,
        CI_COMMIT_BRANCH: "main",
      },
    })
    return {
      code: ran.status,
      said: ran.stdout,
      output: readFileSync(output, "utf8"),
      summary: readFileSync(summary, "utf8"),
      functions: readFileSync(join(folder, "calls"), "utf8").match(/(?<= )(deploy|plan)(?= )/g),
      plan: existsSync(join(folder, ci === "github" ? "plan/plan.json" : "tollgate-report/plan.json")),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("a deployment that lacks approvals", () => {
  it.each(["github", "gitlab"] as const)("ends with 3 on %s, keeps the plan and says what to type", (ci) => {
    const { code, said, summary, output, functions, plan } = deployed(ci, "waiting")
    expect({ code, functions, plan }).toEqual({ code: 3, functions: ["deploy", "plan"], plan: true })
    const text = ci === "github" ? summary : said
    expect(text).toContain("WAITING: 1 needs approvals of plan plan-7f for production; 0 (cdcdcdcdcdcd) is serving\n")
    expect(text).toContain("    git checkout 0123456789abcdef0123456789abcdef01234567\n")
    expect(text).toMatch(
      /^ {4}tollgate plan --env=production --version=0123456789abcdef\w+ --secrets=… .*--out=plan\.json$/m,
    )
    expect(text).toMatch(/^ {4}tollgate approve --plan=plan\.json .*--approver="NAME"/m)
    if (ci === "github") {
      expect(output).toBe("waiting=true\n")
      expect(summary).toMatch(/^ {4}gh workflow run .*-f approval="\$\(cat approval\.json\)" -f second_approval=/m)
    } else
      expect(said).toContain("the file variable TOLLGATE_APPROVAL, and the second person's as TOLLGATE_SECOND_APPROVAL")
  })

  it.each(["github", "gitlab"] as const)(
    "is told on %s from one that failed, whatever the app printed, and from one that is live",
    (ci) => {
      expect(deployed(ci, "failed")).toMatchObject({
        code: 1,
        functions: ["deploy"],
        plan: false,
        output: "",
        summary: "",
      })
      expect(deployed(ci, "live")).toMatchObject({
        code: 0,
        functions: ["deploy"],
        plan: false,
        output: "",
        summary: "",
      })
    },
  )

  it("leaves a red job with the plan on GitHub, and a pipeline that passes with a warning on GitLab", () => {
    const { jobs } = workflow.parse(parse(githubWorkflow(asking)))
    for (const job of ["production", "operator"])
      expect(jobs[job]?.steps.find(({ name }) => name === "Keep the plan")).toMatchObject({
        if: "${{ failure() && steps.deploy.outputs.waiting == 'true' }}",
        with: { path: "plan" },
      })
    expect(parse(gitlabPipeline(asking))["production"]).toMatchObject({
      allow_failure: { exit_codes: [3] },
      artifacts: { when: "always", paths: ["tollgate-report/plan.json"] },
    })
  })

  it("is not looked for where no approvals are required", () => {
    for (const text of [githubWorkflow(full), gitlabPipeline(full)])
      expect(text).not.toMatch(/WAITING|Keep the plan|exit_codes/)
    expect(jobsWith(asking, "Keep the plan")).toEqual(["production", "operator"])
  })

  it("has the image of the command line's plan and of the gates: labels of commit, time and repository", () => {
    const builds = (text: string) => text.split("\n").filter((one) => /dagger .* (ci-report|deploy|plan) /.test(one))
    expect([githubWorkflow(asking), gitlabPipeline(asking)].map((text) => builds(text).length)).toEqual([6, 4])
    for (const text of [githubWorkflow(asking), gitlabPipeline(asking)])
      for (const line of builds(text))
        expect(line).toMatch(/--revision=\S+ --created="\$\(git -C \S+ log -1 --format=%cI\)" --source-url=/)
  })
})

function jobsWith(wrapper: typeof asking, step: string): string[] {
  const { jobs } = workflow.parse(parse(githubWorkflow(wrapper)))
  return Object.entries(jobs).flatMap(([name, { steps }]) => (steps.some((one) => one.name === step) ? [name] : []))
}
