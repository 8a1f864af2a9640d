import { writeFileSync } from "node:fs"
import type { z } from "zod"
import { environmentSettings } from "../../core/environment/check.js"
import { deploy } from "../../core/release/deploy/deploy.js"
import type { DeployRequest } from "../../core/release/deploy/request.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import { gatherPlan } from "../../core/release/plan/gather.js"
import { planScreen } from "../../core/release/plan/screen.js"
import { withEngine } from "../engine/connect.js"
import { readLocalSource } from "../environment/read-settings.js"
import { findSource } from "../gate/find-source.js"
import { optionalSecret } from "../gate/secret.js"
import { stampFor } from "../image/stamp.js"
import type { deployOptions, planOptions } from "../options/release.js"
import { print } from "../print.js"
import { onFirstSignal } from "../signals.js"
import { optionalText } from "./access.js"
import { cliEntryPoint } from "./cli-entry-point.js"
import { commitsOf } from "./commits.js"
import { withDeployRequest } from "./deploy-request.js"
import { readApproval } from "./read-approval.js"

/** Deploys and prints the screen; `waiting` when only approvals are missing. */
export async function runDeploy(options: z.output<typeof deployOptions>): Promise<"live" | "waiting" | "failed"> {
  const { settings } = readLocalSource(options.source)
  const stopped = new AbortController()
  onFirstSignal(() => {
    process.stderr.write("Interrupted. Rolling back.\n")
    stopped.abort()
  })
  const approvals = options.approval.map(readApproval)
  const notify = await optionalText(options.notify, "--notify")
  const result = await inEngine(options, async (request) =>
    deploy(
      settings,
      {
        ...request,
        approvals,
        notify,
        why: options.reason,
        breakGlass: options.breakGlass ?? null,
        at: options.at,
        identity: optionalSecret(options.identity),
        signal: stopped.signal,
      },
      cliEntryPoint,
    ),
  )
  print(options, result, () => `\n${releaseScreen(result)}`)
  return result.outcome === "live" ? "live" : result.waiting ? "waiting" : "failed"
}

/** Prints the plan, and writes it for approvers. */
export async function runPlan(options: z.output<typeof planOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const source = findSource(options.source, process.cwd())
  const plan = await inEngine(options, (request) => gatherPlan(settings, request, cliEntryPoint, commitsOf(source)))
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(plan, null, 2)}\n`)
  print(options, plan, () => `\n${planScreen(plan, environmentSettings(settings, plan.environment).approvals)}`)
}

async function inEngine<T>(
  options: z.output<typeof planOptions>,
  work: (request: DeployRequest) => Promise<T>,
): Promise<T> {
  const { settings } = readLocalSource(options.source)
  const folder = findSource(options.source, process.cwd())
  const source = { folder, settings, stamp: stampFor(folder, options), version: options.version }
  return await withDeployRequest(options, source, (tools, connected) => withEngine({ tools }, connected), work)
}
