import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  asExecError,
  noSpace
} from "./shared.core.exec-error.mjs";
import {
  TollgateError,
  external_exports
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/run-program.ts
import { ReturnType } from "../sdk/index.ts";
async function runProgram(container, command, options = {}) {
  try {
    const after = await container.withExec(command, { ...options, expect: ReturnType.Any }).sync();
    const [code, out, err] = await Promise.all([after.exitCode(), after.stdout(), after.stderr()]);
    return { out, err, code, after };
  } catch (error) {
    const ended = asExecError(error);
    if (ended === null) throw error;
    return { out: ended.stdout, err: ended.stderr, code: ended.exitCode, after: null };
  }
}
__name(runProgram, "runProgram");

// core/database/backup-problem.ts
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

// core/database/backup-file.ts
var backupFile = external_exports.object({
  format: external_exports.literal(1),
  /** In scripts and paths: whoever can write to the storage must not choose what they do. */
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

// core/database/store-contents.ts
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

// core/database/store.ts
import { dag as dag2 } from "../sdk/index.ts";

// core/database/programs.ts
import { dag } from "../sdk/index.ts";
async function clientPrograms(settings) {
  const container = await hadImage(settings.image);
  return settings.backup.encryptTo.length === 0 ? container : withAge(container);
}
__name(clientPrograms, "clientPrograms");
async function clientFacts(client, folder, nonce) {
  const { out } = await runScript(
    client,
    `mkdir -p ${folder}; df --output=avail -B1 ${folder} | tail -1; pg_dump --version`,
    nonce
  );
  const [free = "", version = ""] = out.split("\n");
  const major = /\(PostgreSQL\) (\d+)/.exec(version)?.[1];
  if (major === void 0)
    throw new TollgateError(
      "client-programs",
      "There is no pg_dump in database.image.",
      "Name a Postgres image. Nothing was changed."
    );
  if (!/^\s*\d+\s*$/.test(free))
    throw new TollgateError(
      "client-programs",
      "df of database.image does not report free space.",
      "Name an image with GNU's df, such as postgres:17. Nothing was changed."
    );
  return { major: Number(major), freeBytes: Number(free.trim()) };
}
__name(clientFacts, "clientFacts");
async function hadImage(image) {
  try {
    return await dag.container().from(image).sync();
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "";
    const major = /^postgres:(\d+)/.exec(image)?.[1] ?? "17";
    throw new TollgateError(
      "image-missing",
      `Could not pull ${image} (database.image): ${said}`,
      `Correct the name, or give the engine access to the image's registry; the engine without Docker has postgres:15, and \`npx tollgate engine up --with=postgres-${major}\` builds 13 or 17. Nothing was changed.`
    );
  }
}
__name(hadImage, "hadImage");
function withAge(container) {
  return container.withExec([
    "sh",
    "-c",
    "command -v age >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends age)"
  ]);
}
__name(withAge, "withAge");
var ENDING = `ending() {
  : > /tmp/said; "$@" 2> >(tee -a /tmp/said >&2) & local program=$! code=0
  while sleep 0.5; do
    if grep -qE '^pg_[a-z]+: (error|fatal)' /tmp/said; then sleep 5; kill -KILL $program 2>/dev/null; break; fi
  done >/dev/null 2>&1 & local watcher=$!
  wait $program || code=1
  kill $watcher 2>/dev/null || true
  return $code
}`;
async function runScript(container, script, nonce) {
  const ran = await runProgram(container.withEnvVariable("TOLLGATE_NONCE", nonce), [
    "bash",
    "-euo",
    "pipefail",
    "-c",
    script
  ]);
  if (ran.code !== 0 && /no space left on device/i.test(ran.err))
    throw noSpace("the disk of the backups, or of the database");
  return ran;
}
__name(runScript, "runScript");

// core/database/store-folder.ts
function folderStore(programs, described, place) {
  const { folder } = place;
  const run = /* @__PURE__ */ __name((variables, script, nonce) => {
    const container = Object.entries(variables).reduce(
      (with_, [name, text]) => with_.withEnvVariable(name, text),
      place.attach(programs)
    );
    return runScript(container, `umask 077; mkdir -p ${folder}; cd ${folder}
${script}`, nonce);
  }, "run");
  return {
    described,
    work: { folder: `${folder}/.work`, attach: /* @__PURE__ */ __name((container) => place.attach(container), "attach") },
    contents: /* @__PURE__ */ __name(async (nonce) => {
      const { out } = worked("list", await run({}, LIST, nonce));
      const files = out.split("\0").flatMap((record) => {
        const [, name, bytes, text] = /^([^\n]*)\n(\d+)\n(.*)$/s.exec(record) ?? [];
        return name === void 0 ? [] : [{ name, bytes: Number(bytes), text: text ?? "" }];
      });
      return contentsOf(
        files,
        files.filter(({ name }) => name.endsWith(".json"))
      );
    }, "contents"),
    digests: /* @__PURE__ */ __name(async (names, nonce) => {
      const { out } = worked("read", await run({ NAMES: names.join("\n") }, DIGESTS, nonce));
      const found = out.split("\n");
      return names.map(
        (_, index) => external_exports.string().regex(/^[0-9a-f]{64}$/).safeParse(found[index]).data ?? null
      );
    }, "digests"),
    put: /* @__PURE__ */ __name(async (path, file, nonce) => {
      const description = JSON.stringify(file);
      const ran = await run(
        {
          FROM: path,
          FILE: file.file,
          SHA256: file.sha256,
          DESCRIPTION: description,
          DESCRIBED: descriptionName(file)
        },
        PUT,
        nonce
      );
      if (ran.code === DIFFERENT) throw differs(file, described);
      worked("write", ran);
    }, "put"),
    bring: /* @__PURE__ */ __name(async (file, nonce) => {
      const ran = await run({ FILE: file.file, SHA256: file.sha256 }, BRING, nonce);
      if (ran.code === DIFFERENT) throw damaged(file, described);
      worked("read", ran);
      return `${folder}/${file.file}`;
    }, "bring"),
    remove: /* @__PURE__ */ __name(async (names, nonce) => {
      const { out } = worked(
        "remove",
        await run(
          { NAMES: names.join("\n") },
          'while IFS= read -r name; do rm -f -- "$name" || echo "$name"; done <<<"$NAMES"',
          nonce
        )
      );
      return out.split("\n").filter((name) => name !== "");
    }, "remove")
  };
}
__name(folderStore, "folderStore");
var DIFFERENT = 90;
var SAME = `same() { [ -f "$FILE" ] && [ "$(sha256sum < "$FILE" | cut -d' ' -f1)" = "$SHA256" ]; }`;
var LIST = `shopt -s nullglob
for name in *; do
  [ -f "$name" ] || continue
  printf '%s\\n%s\\n' "$name" "$(stat -c %s -- "$name")"
  if [[ $name == *.json ]]; then tr -d '\\0' < "$name"; fi
  printf '\\0'
done`;
var DIGESTS = `while IFS= read -r name; do if [ -f "$name" ]; then sha256sum < "$name" | cut -d' ' -f1; else echo; fi; done <<<"$NAMES"`;
var PUT = `${SAME}
mv "$FROM" "$FILE.part"; sync "$FILE.part"; mv "$FILE.part" "$FILE"
same || { rm -f "$FILE"; exit ${DIFFERENT}; }
printf '%s' "$DESCRIPTION" > "$DESCRIBED.part"; sync "$DESCRIBED.part"; mv "$DESCRIBED.part" "$DESCRIBED"`;
var BRING = `${SAME}
same || exit ${DIFFERENT}`;
function worked(what, ran) {
  if (ran.code === 0) return ran;
  throw new TollgateError(
    "backup-store",
    `Could not ${what} the backups: ${ran.err.trim()}`,
    "They are on a volume of the engine: check its disk, and run the same command again."
  );
}
__name(worked, "worked");

// core/database/store.ts
var MOUNT = "/backups";
async function openStore(settings, bundle, entryPoint, environment, database) {
  const { to } = settings.backup;
  const place = `${environment}/${plainName(database)}`;
  if (to.startsWith("s3:")) {
    const { s3Store } = await import("./core.database.store-s3.mjs");
    return s3Store(settings.backup, bundle, entryPoint, place);
  }
  return folderStore(
    await clientPrograms(settings),
    `${to}, folder ${place}`,
    volume(to.replace(/^directory:/, "backups-"), place)
  );
}
__name(openStore, "openStore");
function volume(name, place) {
  return {
    folder: `${MOUNT}/${place}`,
    attach: /* @__PURE__ */ __name((container) => container.withMountedCache(MOUNT, dag2.cacheVolume(`tollgate-${name}`)), "attach")
  };
}
__name(volume, "volume");

export {
  backupFile,
  backupName,
  expiredBackups,
  runProgram,
  clientPrograms,
  clientFacts,
  withAge,
  ENDING,
  runScript,
  damaged,
  differs,
  contentsOf,
  descriptionName,
  openStore,
  volume
};
