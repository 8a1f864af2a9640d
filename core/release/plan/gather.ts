import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { environmentSettings } from "../../environment/check.js"
import { configDigest } from "../../environment/digest.js"
import { TollgateError } from "../../errors.js"
import { expectedDuration } from "../../ledger/expected.js"
import { configGate, imageGate } from "../deploy/gates.js"
import type { DeployRequest } from "../deploy/request.js"
import type { ReleaseEntryPoint } from "../entry-point.js"
import { openMigrations } from "../migrations.js"
import { openPlace, type Place } from "../open.js"
import { openReleaseLedger } from "../open-ledger.js"
import { isVersion } from "../release-id.js"
import { serviceVariables } from "../values.js"
import { configChanges, makePlan } from "./make.js"
import type { Plan, PlannedMigration } from "./plan.js"

/** The commits between two commits. `from` null: the live commit is not known. */
export type Commits = (from: string | null, to: string) => Plan["commits"]

const LOOKS_BACK = 20

/**
 * Plans a deployment. The image is built, judged and published, because the plan needs its digest; the target is not changed.
 */
export async function gatherPlan(
  settings: Settings,
  request: DeployRequest,
  entryPoint: ReleaseEntryPoint,
  commits: Commits,
): Promise<Plan> {
  const { environment, version, stamp } = request
  if (!isVersion(version))
    throw new TollgateError(
      "version-form",
      "--version is not a valid image tag.",
      "Use letters, digits and . _ -, at most 128, not starting with . or -. Nothing was changed.",
    )
  const { gates } = environmentSettings(settings, environment)
  const place = await openPlace(settings, environment, entryPoint, request.access, request.sandbox)
  try {
    await configGate(request, settings)
    const values = await serviceVariables(settings, environment, place.sandbox?.variables ?? new Map(), request.secrets)
    const digest = configDigest(environment, values)
    const { image } = await imageGate(request, settings, place, serviceName(settings.release.name, settings.image.name))
    const { pending, known, checks } = await readMigrations(settings, request, place, entryPoint)
    const { live } = await place.target.running()
    const now = live.kind === "live" ? live.instance : null
    const opened = await openReleaseLedger(settings, place, entryPoint, request.ledger, "wanted", (text) => text)
    try {
      const online = opened !== null && opened.ledger.state.kind === "online" ? opened.ledger : null
      const releases = online === null ? [] : await online.releases(environment, LOOKS_BACK)
      const record = now === null ? undefined : releases.find(({ id }) => id === now.release)
      const variable = settings.release.version?.variable
      const before =
        now === null
          ? null
          : {
              names: record?.configNames.filter((name) => name !== variable) ?? [...values.keys()],
              digest: now.configDigest,
            }
      return makePlan({
        service: settings.ledger.service,
        environment,
        image: {
          now: now === null ? null : { reference: now.image, digest: now.digest },
          next: { reference: image.reference, digest: image.digest },
        },
        commits: commits(record?.revision ?? null, stamp.revision),
        migrations: pending,
        migrationsKnown: known,
        commands: settings.release.before,
        config: configChanges(before, { names: [...values.keys()], digest }),
        checks: [
          { name: "config", what: "every required variable is set and valid" },
          ...gates.map((name) => ({ name, what: GATES[name] })),
          ...checks,
          { name: "image", what: "built, judged and published" },
          { name: "target", what: "reachable, enough disk space, correct clock" },
          ...Object.keys(settings.release.smoke).map((name) => ({
            name: `smoke ${name}`,
            what: "sent to the new release before it gets traffic",
          })),
        ],
        expected: expectedDuration(releases),
        createdAt: new Date().toISOString(),
      })
    } finally {
      await opened?.close()
    }
  } finally {
    await place.target.close()
  }
}

async function readMigrations(
  settings: Settings,
  request: DeployRequest,
  place: Place,
  entryPoint: ReleaseEntryPoint,
): Promise<{ pending: PlannedMigration[]; known: boolean; checks: Plan["checks"] }> {
  const migrations = await openMigrations(settings, request, place, entryPoint)
  try {
    return { pending: await migrations.pending(), known: migrations.known, checks: [...migrations.checks] }
  } finally {
    await migrations.close()
  }
}

const GATES = {
  qa: "evidence for the same source",
  scan: "no finding at or above scan.failOn",
  ecpay: "credentials that ECPay accepts",
}
