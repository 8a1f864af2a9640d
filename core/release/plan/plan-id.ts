import { createHash } from "node:crypto"
import { canonicalJson, type Json } from "../../shared/canonical-json.js"
import { PLAN_FORMAT, PLAN_VERSION, type Plan, type PlanIdentity } from "./plan.js"

/** The plan's id: SHA-256 of the canonical JSON of its identity and of the format version. */
export function planId(identity: PlanIdentity): string {
  const { service, environment, releaseVersion, source, imageDigest, migrations, commands, configDigest, settings } =
    identity
  const whole = canonicalJson({
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    service,
    environment,
    releaseVersion,
    source,
    imageDigest,
    migrations,
    commands,
    configDigest,
    settings,
  })
  return `plan-${createHash("sha256").update(whole).digest("hex")}`
}

type Identified = Pick<
  Plan,
  "service" | "environment" | "releaseVersion" | "source" | "image" | "migrations" | "commands" | "config" | "settings"
>

export function identityOf(plan: Identified): PlanIdentity {
  const { service, environment, releaseVersion, source, image, migrations, commands, config, settings } = plan
  return {
    service,
    environment,
    releaseVersion,
    source,
    imageDigest: image.next.digest,
    migrations: migrations.map(({ id }) => id),
    commands,
    configDigest: config.digest,
    settings: digestsOf(settings),
  }
}

/** SHA-256 of each part in canonical JSON. */
export function digestsOf(parts: Readonly<Record<string, Json>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, sha256(canonicalJson(part))]))
}

/** SHA-256 of the whole plan in canonical JSON: what the approver saw. */
export function planSha256({ ledgerHead, ...plan }: Plan): string {
  return sha256(canonicalJson(ledgerHead === undefined ? plan : { ...plan, ledgerHead }))
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
