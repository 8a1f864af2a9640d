import { createHash } from "node:crypto"
import { canonicalJson } from "../../canonical-json.js"
import { PLAN_FORMAT, PLAN_VERSION, type Plan, type PlanIdentity } from "./plan.js"

/** The plan's id: SHA-256 of the canonical JSON of its identity and of the format version. */
export function planId({ environment, imageDigest, migrations, commands, configDigest }: PlanIdentity): string {
  const whole = canonicalJson({
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    environment,
    imageDigest,
    migrations,
    commands,
    configDigest,
  })
  return `plan-${createHash("sha256").update(whole).digest("hex")}`
}

export function identityOf({
  environment,
  image,
  migrations,
  commands,
  config,
}: Pick<Plan, "environment" | "image" | "migrations" | "commands" | "config">): PlanIdentity {
  return {
    environment,
    imageDigest: image.next.digest,
    migrations: migrations.map(({ id }) => id),
    commands,
    configDigest: config.digest,
  }
}

/** SHA-256 of the whole plan in canonical JSON: what the approver saw. */
export function planSha256(plan: Plan): string {
  return createHash("sha256").update(canonicalJson(plan)).digest("hex")
}
