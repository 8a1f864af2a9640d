import { writeFileSync } from "node:fs"
import type { z } from "zod"
import { deployGates, isRequired } from "../../core/config/gates.js"
import { environmentSettings } from "../../core/environment/check.js"
import { deploy } from "../../core/release/deploy/deploy.js"
import type { DeployRequest } from "../../core/release/deploy/request.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import { gatherPlan } from "../../core/release/plan/gather.js"
import { planScreen } from "../../core/release/plan/screen.js"
import { defaultVersion } from "../../core/release/session/default-version.js"
import { traitsOf } from "../../core/targets/registry.js"
import type { ToolName } from "../../dagger/engine/tools/tool.js"
import { postgresFor } from "../database/postgres-for.js"
import { withEngine } from "../engine/connect.js"
import { readLocalSource } from "../environment/read-settings.js"
import { secretText } from "../environment/secret-text.js"
import { findSource } from "../gate/find-source.js"
import { committedSource, hostSource } from "../gate/host-source.js"
import { optionalSecret, secretFrom } from "../gate/secret.js"
import { registryService } from "../image/registry-service.js"
import { stampFor } from "../image/stamp.js"
import { caller } from "../ledger/caller.js"
import { sourceOfCommit } from "../migration-plan/running-source.js"
import type { deployOptions, planOptions } from "../options/release.js"
import { print } from "../print.js"
import { onFirstSignal } from "../signals.js"
import { accessOf, optionalText } from "./access.js"
import { cliEntryPoint } from "./cli-entry-point.js"
import { commitsOf } from "./commits.js"
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
  const { gates, migrations, target } = environmentSettings(settings, options.env)
  const traits = traitsOf(target)
  const source = findSource(options.source, process.cwd())
  const stamp = stampFor(source, options)
  const { secrets, registryPassword } = options
  // read first: a wrong reference must change nothing
  const text = secrets === undefined ? null : await secretText(secrets, "--secrets")
  const password =
    registryPassword === undefined ? null : (await secretText(registryPassword, "--registry-password")).trim()
  const user = options.registryUser === "" ? (settings.image.registry.user ?? "") : options.registryUser
  const access = await accessOf(options, password === null ? null : { user, password: () => Promise.resolve(password) })
  const ledger = await optionalText(options.ledger, "--ledger")
  const ofGates = deployGates.filter(({ name }) => isRequired(name, gates)).flatMap(({ tools }) => [...tools])
  const tools: ToolName[] = [...traits.tools, ...ofGates]
  if (migrations === "database" || (migrations === null && traits.migrates === "database"))
    tools.push(...postgresFor(settings.database.image))
  return await withEngine({ tools }, async () => {
    const taken = hostSource(source)
    return await work({
      source: taken,
      environment: options.env,
      version: options.version === "" ? await defaultVersion(stamp, taken) : options.version,
      caller: caller(process.env),
      why: "",
      stamp,
      sourceOf: async (revision) => {
        const folder = sourceOfCommit(source, revision)
        return folder === null ? null : committedSource(folder)
      },
      secrets: text === null ? null : () => Promise.resolve(text),
      access,
      ledger,
      notify: null,
      approvals: [],
      breakGlass: null,
      at: "",
      gateSecrets: options.gateSecrets === undefined ? undefined : secretFrom(options.gateSecrets),
      registry: {
        user: options.registryUser,
        password: registryPassword === undefined ? undefined : secretFrom(registryPassword),
        service: options.registryService === undefined ? undefined : registryService(options.registryService),
      },
    })
  })
}
