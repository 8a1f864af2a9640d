import { readFileSync } from "node:fs"
import { dag, ReturnType } from "@dagger.io/dagger"
import { expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { GITHUB_COMMENT_FILE, GITHUB_FILE, githubComment, githubWorkflow } from "../../core/init/github.js"
import { wrapperOf } from "../../core/init/wrapper.js"
import { useEngine } from "./session.js"
import { registryWorkflows } from "./workflow-registries.js"

useEngine()

const SETTINGS = `qa: { runner: r.py, secrets: [QA_KEY], suites: { e2e: { files: [tests/test_a.py] } } }
image: { name: registry.shop.example/acme/shop }
notifications: { slack: {} }
environments:
  staging: { target: { type: sandbox } }
  production: { target: { type: sandbox } }
`

async function zizmor(files: Record<string, string>) {
  let container = dag
    .container()
    .from("python:3.11-slim")
    .withEnvVariable("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    .withEnvVariable("PIP_ROOT_USER_ACTION", "ignore")
    .withMountedCache("/root/.cache/pip", dag.cacheVolume("tollgate-pip-test"))
    .withExec(["pip", "install", "--quiet", "zizmor==1.32.0"])
    .withWorkdir("/work")
  for (const [path, text] of Object.entries(files)) container = container.withNewFile(path, text)
  const ran = container.withExec(["zizmor", "--offline", "--no-progress", "."], { expect: ReturnType.Any })
  return { code: await ran.exitCode(), said: `${await ran.stdout()}${await ran.stderr()}` }
}

it("zizmor finds nothing in the workflows, with every job and login that init writes, and in this repository's own", async () => {
  const wrapper = wrapperOf(parseSettings(SETTINGS), { module: "github.com/acme/tollgate@0123456", dagger: "0.21.8" })
  const { code, said } = await zizmor({
    [GITHUB_FILE]: githubWorkflow(wrapper),
    [GITHUB_COMMENT_FILE]: githubComment(wrapper),
    ...registryWorkflows(SETTINGS, "registry.shop.example/acme/shop"),
    ".github/workflows/ci.yml": readFileSync(new URL("../../.github/workflows/ci.yml", import.meta.url), "utf8"),
  })
  expect(code, said).toBe(0)
  // it read them, and ignored the one trigger that is right here
  expect(said).toMatch(/No findings to report.*1 ignored/s)
})
