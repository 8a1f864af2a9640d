import { existsSync } from "node:fs"
import { join } from "node:path"
import type { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { SETTINGS_FILE } from "../../core/config/settings-file.js"
import { environmentSettings } from "../../core/environment/check.js"
import { deploy } from "../../core/release/deploy/deploy.js"
import { workedOf } from "../../core/runner/commands.js"
import type { DeployWork, Worked } from "../../core/runner/works.js"
import { TollgateError } from "../../core/shared/errors.js"
import type { ToolName } from "../../dagger/engine/tools/tool.js"
import { readLocalSource } from "../environment/read-settings.js"
import { optionalSecret } from "../gate/secret.js"
import { stampFor } from "../image/stamp.js"
import type { runnerOptions } from "../options/requests.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"
import { withDeployRequest } from "../release/deploy-request.js"
import { withCheckout } from "./checkout.js"

type RunnerOptions = z.output<typeof runnerOptions>

export interface DeployGiven {
  readonly options: RunnerOptions
  /** The runner's own. */
  readonly settings: Settings
  /** The repository, or the service's folder in it. */
  readonly repository: string
  readonly owner: string
  /** Dotenv text; null: none. */
  readonly notify: string | null
  readonly connect: (tools: readonly ToolName[], work: () => Promise<Worked>) => Promise<Worked>
}

/** Deploys a commit of the runner's repository as `tollgate deploy` does in a clone at that commit. Approvals are those of the ledger. */
export async function deployCommit(
  { options, settings, repository, owner, notify, connect }: DeployGiven,
  { action, who, why, signal, undoing }: DeployWork,
): Promise<Worked> {
  const { planId, revision, version } = action
  return await withCheckout(repository, revision, async (folder) => {
    const own = settingsOf(folder, revision, options.env, settings)
    const stamp = stampFor(folder, { revision, sourceUrl: options.sourceUrl })
    return await withDeployRequest(options, { folder, settings: own, stamp, version }, connect, async (request) =>
      workedOf(
        await deploy(
          own,
          {
            ...request,
            caller: { who, owner },
            why,
            notify,
            identity: optionalSecret(options.identity),
            plan: planId,
            signal,
            undoing,
          },
          cliEntryPoint,
        ),
      ),
    )
  })
}

/** The commit's own settings, which the plan binds. The policy in force is compared with them by the deployment. */
export function settingsOf(folder: string, revision: string, environment: string, { ledger }: Settings): Settings {
  const commit = revision.slice(0, 12)
  const refuse = (what: string) =>
    new TollgateError("deploy-settings", what, "Plan and request a commit of this service. Nothing was changed.")
  if (!existsSync(join(folder, SETTINGS_FILE))) throw refuse(`The commit ${commit} has no ${SETTINGS_FILE} here.`)
  const { settings } = readLocalSource(folder)
  environmentSettings(settings, environment)
  if (settings.ledger.service === ledger.service) return settings
  throw refuse(
    `The commit ${commit} is of the service ${settings.ledger.service}, and this runner of ${ledger.service}.`,
  )
}
