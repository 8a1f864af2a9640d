import { createWriteStream } from "node:fs"
import { connection } from "@dagger.io/dagger"
import { readStatus } from "../../core/release/status/status.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { emptyHost, entryPoint, host, release, SANDBOX, settingsWith } from "./deployments.js"
import { liveVersion } from "./host.js"

/**
 * One run of a pipeline as a process of its own, to be killed. usage: deploy-child.ts empty|look|deploy VERSION
 * Prints one line of JSON: what was live before, how the deployment went, what is live then.
 */
const [what = "", version = ""] = process.argv.slice(2)
const settings = settingsWith("ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")

/** The host has just come up: its proxy answers before the service's process listens. */
async function whatServes(sandbox: Sandbox): Promise<string> {
  const until = Date.now() + 20_000
  for (;;) {
    const answer = await liveVersion(sandbox)
    if (!answer.startsWith("502 ") || Date.now() > until) return answer
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

await connection(
  async () => {
    const sandbox = what === "empty" ? await emptyHost(settings) : await host(settings)
    const before = await whatServes(sandbox)
    const result = what === "look" ? null : await release(settings, version)
    const { candidates, live } = await sandbox.target.running()
    const { history } = await readStatus(
      settings,
      { environment: "sandbox", access: { ssh: null, registry: null }, ledger: null, sandbox: SANDBOX },
      entryPoint,
    )
    process.stdout.write(
      `${JSON.stringify({ before, outcome: result?.outcome ?? null, causes: result?.causes ?? [], after: await liveVersion(sandbox), live: live.kind, candidates: candidates.length, history: (history ?? []).map(({ outcome }) => outcome) })}\n`,
    )
    await sandbox.target.close()
  },
  { LogOutput: createWriteStream("/dev/null") },
)
process.exit(0)
