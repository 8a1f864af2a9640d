import type { Directory } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { appFolder } from "../../source.js"
import { boundSettings } from "./bound-settings.js"
import type { PlanIdentity } from "./plan.js"
import { digestsOf } from "./plan-id.js"

/** What is known of a deployment before its image is built. */
export type Foundation = Pick<
  PlanIdentity,
  "service" | "environment" | "releaseVersion" | "source" | "commands" | "settings"
>

/** The part of a plan's identity that tollgate.yaml and the source decide. `plan` and `deploy` compute it alike. */
export async function foundationOf(
  settings: Settings,
  { source, environment, version }: { source: Directory; environment: string; version: string },
): Promise<Foundation> {
  return {
    service: settings.ledger.service,
    environment,
    releaseVersion: version,
    source: await (await appFolder(source, settings)).digest(),
    commands: settings.release.before,
    settings: digestsOf(boundSettings(settings, environment)),
  }
}
