import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  canonicalJson
} from "./shared.core.canonical-json.mjs";
import {
  external_exports
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/plan/plan-id.ts
import { createHash } from "node:crypto";

// core/release/plan/plan.ts
var digest = external_exports.string().regex(/^sha256:[0-9a-f]{64}$/);
var moment = external_exports.iso.datetime({ offset: true });
var imageOfPlan = external_exports.strictObject({
  /** name@sha256:… as a host pulls it. */
  reference: external_exports.string().min(1),
  digest
});
var plannedCommit = external_exports.strictObject({
  id: external_exports.string().regex(/^[0-9a-f]{7,64}$/),
  /** First line of the message: untrusted text. */
  subject: external_exports.string(),
  author: external_exports.string(),
  at: moment
});
var plannedMigration = external_exports.strictObject({
  /** alembic's revision. */
  id: external_exports.string().min(1),
  /** Relative to app.path. */
  path: external_exports.string(),
  lint: external_exports.strictObject({ errors: external_exports.int().min(0), warnings: external_exports.int().min(0) }),
  /** Whether it removes or narrows something that the running version may use: `database.contract` allows it. */
  contracts: external_exports.boolean()
});
var plannedCheck = external_exports.strictObject({
  /** Such as qa, scan, config, ecpay, backup, target. */
  name: external_exports.string().min(1),
  what: external_exports.string()
});
var PLAN_FORMAT = "tollgate-plan";
var PLAN_VERSION = 1;
var planSchema = external_exports.strictObject({
  format: external_exports.literal(PLAN_FORMAT),
  version: external_exports.literal(PLAN_VERSION),
  id: external_exports.string().regex(/^plan-[0-9a-f]{64}$/),
  service: external_exports.string().min(1),
  environment: external_exports.string().min(1),
  image: external_exports.strictObject({
    /** null: nothing runs there yet. */
    now: imageOfPlan.nullable(),
    next: imageOfPlan
  }),
  commits: external_exports.discriminatedUnion("kind", [
    external_exports.strictObject({ kind: external_exports.literal("known"), from: external_exports.string(), to: external_exports.string(), list: external_exports.array(plannedCommit) }),
    /** Why nobody can say what lies between: a first release, a commit that the repository does not have, no Git. */
    external_exports.strictObject({ kind: external_exports.literal("unknown"), why: external_exports.string() })
  ]),
  /** In the order in which they would be applied. */
  migrations: external_exports.array(plannedMigration),
  /** false: nobody looked at the database, and `migrations` says nothing. */
  migrationsKnown: external_exports.boolean(),
  /** Commands of release.before, in their order. Nobody looked at what they do. */
  commands: external_exports.array(external_exports.string()),
  config: external_exports.strictObject({
    /** Of names and values together: core/environment/digest.ts. */
    digest: external_exports.string().min(1),
    /** Names alone; no value ever stands in a plan. */
    added: external_exports.array(external_exports.string()),
    removed: external_exports.array(external_exports.string()),
    /** Whether names or values differ from those of the live release; null: it is not known. */
    changed: external_exports.boolean().nullable()
  }),
  checks: external_exports.array(plannedCheck),
  /** From the environment's own history; null: it has none. */
  expected: external_exports.strictObject({ seconds: external_exports.number().min(0), releases: external_exports.int().min(1) }).nullable(),
  createdAt: moment
});

// core/release/plan/plan-id.ts
function planId({ environment, imageDigest, migrations, commands, configDigest }) {
  const whole = canonicalJson({
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    environment,
    imageDigest,
    migrations,
    commands,
    configDigest
  });
  return `plan-${createHash("sha256").update(whole).digest("hex")}`;
}
__name(planId, "planId");
function identityOf({
  environment,
  image,
  migrations,
  commands,
  config
}) {
  return {
    environment,
    imageDigest: image.next.digest,
    migrations: migrations.map(({ id }) => id),
    commands,
    configDigest: config.digest
  };
}
__name(identityOf, "identityOf");
function planSha256(plan) {
  return createHash("sha256").update(canonicalJson(plan)).digest("hex");
}
__name(planSha256, "planSha256");

export {
  PLAN_FORMAT,
  PLAN_VERSION,
  planSchema,
  planId,
  identityOf,
  planSha256
};
