import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  canonicalJson,
  freeText
} from "./shared.core.ledger.chain.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
  /** First line of the message. */
  subject: freeText,
  author: external_exports.string(),
  at: moment
});
var plannedStatement = external_exports.strictObject({
  sql: freeText,
  /** Such as "ACCESS EXCLUSIVE on payments". */
  locks: external_exports.array(external_exports.string()),
  /** false: it could not be seen which locks it takes. */
  locksKnown: external_exports.boolean()
});
var plannedMigration = external_exports.strictObject({
  /** alembic's revision. */
  id: external_exports.string().min(1),
  /** Relative to app.path. */
  path: external_exports.string(),
  lint: external_exports.strictObject({ errors: external_exports.int().min(0), warnings: external_exports.int().min(0) }),
  /** Whether it removes or narrows something that the running version may use: `database.contract` allows it. */
  contracts: external_exports.boolean(),
  /** In their order. Left out: they are long, or an earlier Tollgate made the plan. */
  statements: external_exports.array(plannedStatement).exactOptional()
});
var plannedCheck = external_exports.strictObject({
  /** Such as qa, scan, config, ecpay, backup, target. */
  name: external_exports.string().min(1),
  what: external_exports.string()
});
var PLAN_FORMAT = "tollgate-plan";
var PLAN_VERSION = 2;
var planSchema = external_exports.strictObject({
  format: external_exports.literal(PLAN_FORMAT),
  version: external_exports.literal(PLAN_VERSION),
  id: external_exports.string().regex(/^plan-[0-9a-f]{64}$/),
  service: external_exports.string().min(1),
  environment: external_exports.string().min(1),
  /** The version that the service will report. */
  releaseVersion: external_exports.string().min(1),
  /** Digest of the app's files, which the evidence covers. */
  source: external_exports.string().min(1),
  image: external_exports.strictObject({
    /** null: nothing runs there yet. */
    now: imageOfPlan.nullable(),
    next: imageOfPlan
  }),
  commits: external_exports.discriminatedUnion("kind", [
    external_exports.strictObject({
      kind: external_exports.literal("known"),
      /** Empty: the first release. */
      from: external_exports.string(),
      to: external_exports.string(),
      list: external_exports.array(plannedCommit),
      /** Of all commits, also of those that the list leaves out. */
      authors: external_exports.array(external_exports.string())
    }),
    /** Why nobody can say what lies between: a first release, a commit that the repository does not have, no Git. */
    external_exports.strictObject({ kind: external_exports.literal("unknown"), why: freeText })
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
  /** What decides what runs, where, and how it is judged: bound-settings.ts. */
  settings: external_exports.record(external_exports.string(), external_exports.json()),
  /** Parts of the settings that differ from those of the live release; null: not known. */
  settingsChanged: external_exports.array(external_exports.string()).nullable(),
  checks: external_exports.array(plannedCheck),
  /** From the environment's own history; null: it has none. */
  expected: external_exports.strictObject({ seconds: external_exports.number().min(0), releases: external_exports.int().min(1) }).nullable(),
  createdAt: moment,
  /** The ledger's head when the plan was made, as --head takes it: the approver of the plan signs it too. Left out: none was read. */
  ledgerHead: external_exports.string().regex(/^\d{1,15}:[0-9a-f]{64}$/).optional()
});

// core/release/plan/plan-id.ts
import { createHash } from "node:crypto";
function planId(identity) {
  const { service, environment, releaseVersion, source, imageDigest, migrations, commands, configDigest, settings } = identity;
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
    settings
  });
  return `plan-${createHash("sha256").update(whole).digest("hex")}`;
}
__name(planId, "planId");
function identityOf(plan) {
  const { service, environment, releaseVersion, source, image, migrations, commands, config, settings } = plan;
  return {
    service,
    environment,
    releaseVersion,
    source,
    imageDigest: image.next.digest,
    migrations: migrations.map(({ id }) => id),
    commands,
    configDigest: config.digest,
    settings: digestsOf(settings)
  };
}
__name(identityOf, "identityOf");
function digestsOf(parts) {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, sha256(canonicalJson(part))]));
}
__name(digestsOf, "digestsOf");
function planSha256({ ledgerHead, ...plan }) {
  return sha256(canonicalJson(ledgerHead === void 0 ? plan : { ...plan, ledgerHead }));
}
__name(planSha256, "planSha256");
function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
__name(sha256, "sha256");

export {
  PLAN_FORMAT,
  PLAN_VERSION,
  planSchema,
  planId,
  identityOf,
  digestsOf,
  planSha256
};
