import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/backup/backup-problem.ts
function damaged({ name, file }, where) {
  return new TollgateError(
    "backup-damaged",
    `The backup ${name} is damaged: ${file} in ${where} is missing, or its checksum does not match.`,
    "Restore another one: `tollgate backups --check` verifies them all. The restore changed nothing."
  );
}
__name(damaged, "damaged");
function differs({ name }, where) {
  return new TollgateError(
    "backup-differs",
    `The backup ${name} was written to ${where}, but reading it back gave other bytes.`,
    "It was removed. Check that storage, and run the same command again. The database was not changed."
  );
}
__name(differs, "differs");

// core/database/backup/backup-file.ts
var backupFile = external_exports.object({
  format: external_exports.literal(1),
  /** In scripts and paths: a writer of the storage must not choose what they do. */
  name: external_exports.string().regex(/^[A-Za-z0-9_-]{1,200}$/),
  environment: external_exports.string(),
  database: external_exports.string(),
  createdAt: external_exports.string(),
  run: external_exports.string(),
  revision: external_exports.array(external_exports.string()),
  /** Where that is noted. */
  versionTable: external_exports.object({
    name: external_exports.string(),
    schema: external_exports.string().nullable(),
    also: external_exports.array(external_exports.string()).optional(),
    foreign: external_exports.boolean().optional()
  }).default({ name: "alembic_version", schema: null }),
  serverVersion: external_exports.string(),
  /** Of the file as it is kept, encrypted or not. */
  file: external_exports.string().regex(/^[A-Za-z0-9_-]{1,200}\.dump(?:\.age)?$/),
  bytes: external_exports.number(),
  sha256: external_exports.string().regex(/^[0-9a-f]{64}$/),
  encrypted: external_exports.boolean(),
  /** Rows of each table in the snapshot that was backed up. */
  rows: external_exports.record(external_exports.string(), external_exports.number()),
  /** The snapshot itself: which transactions it saw. */
  snapshot: external_exports.string(),
  /** Read with pg_restore --list, and restored into a server of its own with every row counted. */
  tested: external_exports.boolean()
});
function backupName(now, database, revision) {
  const stamp = now.toISOString().replace(/[-:.]/g, "");
  return `${stamp}_${plainName(database)}_${revision.length === 0 ? "base" : plainName(revision.join("-"))}`;
}
__name(backupName, "backupName");
function plainName(text) {
  return text.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 60);
}
__name(plainName, "plainName");
function expiredBackups(backups, rule, now) {
  const newestFirst = [...backups].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  const tested = newestFirst.find((backup) => backup.tested);
  const oldest = now.getTime() - rule.days * 864e5;
  return newestFirst.filter(
    (backup, index) => index >= rule.keep && Date.parse(backup.createdAt) < oldest && backup !== tested
  );
}
__name(expiredBackups, "expiredBackups");

// core/database/backup/store-contents.ts
var OURS = /^\d{8}T\d{9}Z_[A-Za-z0-9-]+_[A-Za-z0-9-]+\.(?:dump|dump\.age|json)(?:\.part)?$/;
function contentsOf(objects, descriptions) {
  const sizes = new Map(objects.map(({ name, bytes }) => [name, bytes]));
  const backups = descriptions.flatMap(({ name, text }) => {
    const parsed = backupFile.safeParse(asJson(text));
    return parsed.success && name === descriptionName(parsed.data) ? [parsed.data] : [];
  });
  const strays = [...sizes.keys()].filter(
    (name) => OURS.test(name) && (name.endsWith(".part") || !sizes.has(`${stem(name)}.json`))
  );
  return { backups: backups.sort((one, other) => other.createdAt.localeCompare(one.createdAt)), sizes, strays };
}
__name(contentsOf, "contentsOf");
function descriptionName({ name }) {
  return `${name}.json`;
}
__name(descriptionName, "descriptionName");
function stem(name) {
  return name.replace(/\.(?:dump|dump\.age|json)$/, "");
}
__name(stem, "stem");
function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
__name(asJson, "asJson");

// core/database/backup/store-places.ts
import { dag } from "../sdk/index.ts";
var MOUNT = "/backups";
function volume(name, place) {
  return {
    folder: `${MOUNT}/${place}`,
    attach: /* @__PURE__ */ __name((container) => container.withMountedCache(MOUNT, dag.cacheVolume(`tollgate-${name}`)), "attach")
  };
}
__name(volume, "volume");

export {
  backupFile,
  backupName,
  plainName,
  expiredBackups,
  damaged,
  differs,
  contentsOf,
  descriptionName,
  volume
};
