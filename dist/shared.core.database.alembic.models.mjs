import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  brokenBefore,
  migrationScreen,
  revisionName,
  validate,
  verdict
} from "./shared.core.database.migrate.screen.mjs";
import {
  Alembic,
  CommandMigrations,
  ENDING,
  appliedRecord,
  askSession,
  changedRevisions,
  clientFacts,
  clientPrograms,
  commit,
  compareCommits,
  countRows,
  elsewhereProblem,
  grouped,
  headsNotApart,
  howToMerge,
  noteCommits,
  observation,
  observe,
  observeContents,
  pendingRevisions,
  placeOfScratch,
  prepareRecords,
  reachDatabase,
  recordEvent,
  recordMeasured,
  recordRevisions,
  recordRun,
  runScript,
  startScratch,
  tableName,
  tablesIn,
  tablesOf,
  unfinishedRun,
  unknownRevisions,
  upgradeDigest,
  upgradeTarget,
  value,
  withAge
} from "./shared.core.database.alembic.alembic-account.mjs";
import {
  migrationTool
} from "./shared.core.database.alembic.migration-tool.mjs";
import {
  quotedTail
} from "./shared.core.app.installation-advice.mjs";
import {
  codeOf,
  identifier,
  isServerAway,
  literal,
  openSession,
  withSession
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  appFolder,
  readSettings
} from "./shared.core.config.app.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  backupFile,
  backupName,
  contentsOf,
  damaged,
  descriptionName,
  differs,
  expiredBackups,
  plainName,
  volume
} from "./shared.core.database.backup.backup-file.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/backup/store-folder.ts
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

// core/database/backup/store.ts
async function openStore(settings, bundle, entryPoint, environment, database) {
  const { to } = settings.backup;
  const place = `${environment}/${plainName(database)}`;
  if (to.startsWith("s3:")) {
    const { s3Store } = await import("./core.database.backup.store-s3.mjs");
    return s3Store(settings.backup, bundle, entryPoint, place);
  }
  return folderStore(
    await clientPrograms(settings),
    `${to}, folder ${place}`,
    volume(to.replace(/^directory:/, "backups-"), place)
  );
}
__name(openStore, "openStore");

// core/database/migrate/migration-result.ts
function isMigrated({ outcome }) {
  return outcome.kind === "migrated" || outcome.kind === "up-to-date";
}
__name(isMigrated, "isMigrated");

// core/database/backup/backup-test.ts
function backupTest({ backup, rehearse: rehearse2 }, { production }) {
  if (backup.test || rehearse2 !== false) return { tested: true, warning: null };
  if (production)
    return {
      tested: true,
      warning: "database.backup.test: false was ignored: real money is paid in this environment, so its backup is tested"
    };
  return {
    tested: false,
    warning: "the backup was never restored (database.backup.test: false): whether it can be restored is only known when it is needed"
  };
}
__name(backupTest, "backupTest");

// core/database/connect/lock.ts
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
var KEY = "8655428";
function sessionName(part, run) {
  return `tollgate ${part} ${run}`.slice(0, 63);
}
__name(sessionName, "sessionName");
var lease = external_exports.object({ owner: external_exports.string(), run: external_exports.string(), pid: external_exports.number(), expired: external_exports.boolean() });
async function takeLock(address, options) {
  const session = await openSession(address, sessionName("lock", options.run));
  try {
    await session.run(
      "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET statement_timeout = '30s'"
    );
    await obtain(session, options);
    await prepareRecords(session);
    return await hold(session, address, options);
  } catch (error) {
    await session.close();
    throw error;
  }
}
__name(takeLock, "takeLock");
async function obtain(session, options) {
  const deadline = Date.now() + options.wait * 1e3;
  for (let attempt = 0; ; attempt += 1) {
    const { locked: locked2 } = await session.row(
      external_exports.object({ locked: external_exports.boolean() }),
      `SELECT pg_try_advisory_lock(${KEY}) AS locked`
    );
    if (locked2) return;
    const holder = await holderOf(session);
    if (holder?.expired === true) {
      await session.run("SELECT pg_terminate_backend($1)", [holder.pid]);
    } else if (Date.now() >= deadline) {
      throw new TollgateError(
        "database-locked",
        `Another run of Tollgate holds the lock on this database${holder === null ? "" : `: ${holder.run}, from ${holder.owner}`}.`,
        `Run again when it has ended. This run waited ${options.wait} s (database.lockWait); the lock of a run that was killed expires ${options.lease} s after its last heartbeat (database.lease). Nothing was changed.`
      );
    } else options.onWait?.(holder === null ? "another run" : `${holder.run}, from ${holder.owner}`);
    const wanted = Math.min(1e3, 200 * 2 ** attempt) * (0.5 + Math.random());
    await pause(Math.max(50, Math.min(wanted, deadline - Date.now())));
  }
}
__name(obtain, "obtain");
async function holderOf(session) {
  try {
    const [found] = await session.rows(
      lease,
      `SELECT l.owner, l.run, l.pid, l.expires_at < clock_timestamp() AS expired FROM tollgate.lease l
       WHERE EXISTS (SELECT FROM pg_locks k WHERE k.locktype = 'advisory' AND k.objid = ${KEY} AND k.pid = l.pid AND k.granted)`
    );
    return found ?? null;
  } catch (error) {
    if (codeOf(error) === "42P01" || codeOf(error) === "3F000") return null;
    throw error;
  }
}
__name(holderOf, "holderOf");
async function hold(session, address, { run, lease: seconds }) {
  const sign = /* @__PURE__ */ __name(async () => {
    await session.run(
      `INSERT INTO tollgate.lease (owner, run, pid, expires_at) VALUES ($1, $2, pg_backend_pid(), clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (only_row) DO UPDATE SET owner = excluded.owner, run = excluded.run, pid = excluded.pid, expires_at = excluded.expires_at`,
      [`${process.env["TOLLGATE_OWNER"] ?? hostname()}`, run, seconds]
    );
  }, "sign");
  await sign();
  const work = await openSession(address, sessionName("work", run));
  let signedAt = Date.now();
  let signing = false;
  const heart = setInterval(
    () => {
      if (signing || session.broken) return;
      signing = true;
      sign().then(
        () => signedAt = Date.now(),
        () => void 0
      ).finally(() => signing = false);
    },
    seconds * 1e3 / 4
  );
  heart.unref();
  return {
    session: work,
    requireHeld: /* @__PURE__ */ __name(() => {
      if (session.broken || work.broken || Date.now() - signedAt > seconds * 1e3)
        throw new TollgateError(
          "database-lock-lost",
          "The lock on the database was lost: its connection broke, or did not renew its lease in time.",
          "Run the same command again: it continues from the state that the database is in."
        );
    }, "requireHeld"),
    release: /* @__PURE__ */ __name(async () => {
      clearInterval(heart);
      if (!session.broken) await session.run("DELETE FROM tollgate.lease WHERE run = $1", [run]).catch(() => void 0);
      await Promise.all([session.close(), work.close()]);
    }, "release")
  };
}
__name(hold, "hold");

// core/database/connect/server.ts
import { setTimeout as pause2 } from "node:timers/promises";
var bigint = external_exports.string().transform(Number);
var serverFacts = external_exports.object({
  /** Such as 15. */
  major: external_exports.number(),
  version: external_exports.string(),
  recovery: external_exports.boolean(),
  readOnly: external_exports.boolean(),
  mayCreateDatabases: external_exports.boolean(),
  owns: external_exports.boolean(),
  bytes: bigint,
  connections: external_exports.number(),
  maxConnections: external_exports.number()
});
async function askServer(session) {
  return session.row(
    serverFacts,
    `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_version') AS version,
       pg_is_in_recovery() AS recovery, current_setting('transaction_read_only')::bool AS "readOnly",
       (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayCreateDatabases",
       pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') AS owns,
       pg_database_size(current_database())::text AS bytes,
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS "maxConnections"`
  );
}
__name(askServer, "askServer");
var openTransaction = external_exports.object({
  pid: external_exports.number(),
  name: external_exports.string(),
  user: external_exports.string(),
  seconds: external_exports.number(),
  state: external_exports.string()
});
async function longTransactions(session, seconds) {
  return session.rows(
    openTransaction,
    `SELECT pid, coalesce(application_name, '') AS name, coalesce(usename, '') AS "user", extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds, coalesce(state, '') AS state
     FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
       AND xact_start < clock_timestamp() - make_interval(secs => $1)
     UNION ALL SELECT 0, gid, owner, extract(epoch FROM clock_timestamp() - prepared)::float8, 'prepared' FROM pg_prepared_xacts
     WHERE database = current_database() AND prepared < clock_timestamp() - make_interval(secs => $1) ORDER BY seconds DESC`,
    [seconds]
  );
}
__name(longTransactions, "longTransactions");
var other = external_exports.object({ pid: external_exports.number(), name: external_exports.string(), user: external_exports.string() });
async function otherSessions(session) {
  return session.rows(
    other,
    `SELECT pid, coalesce(application_name, '') AS name, coalesce(usename, '') AS "user" FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name NOT LIKE 'tollgate %'`
  );
}
__name(otherSessions, "otherSessions");
async function endLeftOverMigrations(session) {
  const pids = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tollgate alembic %'";
  const found = await session.rows(
    external_exports.object({ pid: external_exports.number(), ended: external_exports.boolean() }),
    `SELECT pid, pg_terminate_backend(pid) AS ended FROM (${pids}) AS left_over`
  );
  for (let waited = 0; waited < 300 && (await session.rows(external_exports.object({ pid: external_exports.number() }), pids)).length > 0; waited += 1)
    await pause2(100);
  return found.length;
}
__name(endLeftOverMigrations, "endLeftOverMigrations");

// core/database/backup/backup.ts
var COMPRESSION = 1;
var made = external_exports.object({ bytes: external_exports.number(), sha256: external_exports.string() });
async function dumpDatabase(context, revision, version2, serverVersion) {
  const { reach, run, store, nonce } = context;
  const session = await openSession(reach.inProcess, sessionName("snapshot", run));
  try {
    await session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { exported, snapshot } = await session.row(
      external_exports.object({ exported: external_exports.string(), snapshot: external_exports.string() }),
      "SELECT pg_export_snapshot() AS exported, txid_current_snapshot()::text AS snapshot"
    );
    const name = backupName(/* @__PURE__ */ new Date(), reach.inProcess.database, revision);
    const work = `${store.work.folder}/${name}`;
    const container = store.work.attach(reach.inContainer(context.client)).withEnvVariable("SNAPSHOT", exported).withEnvVariable("WORK", work);
    const dumping = runScript(
      container,
      `${ENDING}
       umask 077; rm -rf ${store.work.folder}; mkdir -p "$WORK"
       ending pg_dump --format=custom --compress=${COMPRESSION} --snapshot="$SNAPSHOT" --file="$WORK/dump"
       pg_restore --list "$WORK/dump" > "$WORK/list"
       grep -q 'TABLE DATA' "$WORK/list" || { ! grep -q ' TABLE ' "$WORK/list"; }
       printf '{"bytes":%s,"sha256":"%s"}' "$(stat -c %s "$WORK/dump")" "$(sha256sum < "$WORK/dump" | cut -d' ' -f1)"`,
      nonce()
    );
    const [ran, counted] = await Promise.allSettled([dumping, countRows(askSession(session, true))]);
    if (ran.status === "rejected") throw ran.reason;
    if (ran.value.code !== 0) throw backupFailed("pg_dump", reach.redact(ran.value.err));
    if (counted.status === "rejected") throw counted.reason;
    const rows = counted.value;
    const { bytes, sha256 } = made.parse(JSON.parse(ran.value.out));
    return {
      work,
      file: {
        format: 1,
        name,
        environment: context.environment,
        database: reach.inProcess.database,
        createdAt: (/* @__PURE__ */ new Date()).toISOString(),
        run,
        revision: [...revision],
        versionTable: { ...version2, also: [...version2.also ?? []] },
        serverVersion,
        file: `${name}.dump`,
        bytes,
        sha256,
        encrypted: false,
        rows,
        snapshot,
        tested: false
      }
    };
  } finally {
    await session.close();
  }
}
__name(dumpDatabase, "dumpDatabase");
async function testDump(context, dump, { scratch, emptied }, look2) {
  const container = context.store.work.attach(scratch.asSuperuser(context.client)).withEnvVariable("DUMP", `${dump.work}/dump`);
  await emptied;
  await restoreInto(
    container,
    dump.file.sha256,
    context.nonce(),
    (text) => context.reach.redact(text),
    "The database was not changed."
  );
  const seen = await look2(scratch.ask);
  const wrong = differentCounts(dump.file.rows, seen.rows);
  if (wrong.length > 0) throw backupFailed("restoring the backup", wrong.join("\n"));
  return { tested: { ...dump, file: { ...dump.file, tested: true } }, seen };
}
__name(testDump, "testDump");
async function keepDump(context, dump, warn) {
  const { settings, store, nonce } = context;
  const recipients = settings.backup.encryptTo;
  const file = recipients.length === 0 ? dump.file : await sealed(context, dump, recipients);
  await store.put(`${dump.work}/${recipients.length === 0 ? "dump" : "sealed"}`, file, nonce());
  const cleaned = removeExpired(context, file, warn).catch(
    (error) => warn(`could not list old backups: ${firstLine(error)}`)
  );
  const emptied = runScript(store.work.attach(context.client), `rm -rf ${store.work.folder}`, nonce()).catch(
    (error) => warn(`could not empty the work folder of the backups: ${firstLine(error)}`)
  );
  return { file, cleaned: Promise.all([cleaned, emptied]).then(() => void 0) };
}
__name(keepDump, "keepDump");
function firstLine(error) {
  return error instanceof Error ? error.message.split("\n")[0] ?? "" : String(error);
}
__name(firstLine, "firstLine");
async function sealed(context, dump, recipients) {
  const ran = await runScript(
    context.store.work.attach(context.client).withEnvVariable("WORK", dump.work),
    `umask 077; age ${recipients.map((one) => `-r ${one}`).join(" ")} -o "$WORK/sealed" "$WORK/dump"; rm "$WORK/dump"
     printf '{"bytes":%s,"sha256":"%s"}' "$(stat -c %s "$WORK/sealed")" "$(sha256sum < "$WORK/sealed" | cut -d' ' -f1)"`,
    context.nonce()
  );
  if (ran.code !== 0) throw backupFailed("age", ran.err);
  return { ...dump.file, ...made.parse(JSON.parse(ran.out)), file: `${dump.file.file}.age`, encrypted: true };
}
__name(sealed, "sealed");
async function removeExpired({ settings, store, nonce }, newest, warn) {
  const { backups, strays } = await store.contents(nonce());
  const others = backups.filter(({ name }) => name !== newest.name);
  const expired = expiredBackups([newest, ...others], settings.backup, /* @__PURE__ */ new Date());
  const names = [...expired.flatMap((backup) => [descriptionName(backup), backup.file]), ...strays];
  if (names.length === 0) return;
  const left = await store.remove(names, nonce());
  if (left.length > 0)
    warn(
      `could not remove old backups: ${left.slice(0, 3).join(", ")}${left.length > 3 ? ` and ${left.length - 3} more files` : ""}`
    );
}
__name(removeExpired, "removeExpired");
async function restoreInto(container, sha256, nonce, redact, unchanged) {
  const ran = await runScript(
    container.withEnvVariable("SHA256", sha256),
    `${ENDING}
     [ "$(sha256sum < "$DUMP" | cut -d' ' -f1)" = "$SHA256" ] || { echo "its checksum does not match" >&2; exit 3; }
     ending pg_restore --exit-on-error --jobs=2 --dbname="$PGDATABASE" "$DUMP"`,
    nonce
  );
  if (ran.code !== 0) throw backupFailed("restoring the backup", redact(ran.err), unchanged);
}
__name(restoreInto, "restoreInto");
function differentCounts(expected, found) {
  return Object.entries(expected).flatMap(
    ([table, rows]) => found[table] === rows ? [] : [`${table} has ${found[table] ?? "no"} rows, expected ${rows}`]
  );
}
__name(differentCounts, "differentCounts");
function backupFailed(what, said, unchanged = "The database was not changed.") {
  return new TollgateError(
    "backup-failed",
    [`${what} failed:`, ...quotedTail(said, 8)].join("\n"),
    `Fix the cause and run the same command again. ${unchanged}`
  );
}
__name(backupFailed, "backupFailed");

// core/database/backup/open-backup.ts
async function openBackup(context, file, identity) {
  const { store, client, nonce } = context;
  if (file.encrypted && identity === void 0)
    throw new TollgateError(
      "backup-encrypted",
      `${file.name} is encrypted.`,
      "Pass the private age key that it was encrypted to as --identity=file:PATH or --identity=env:NAME. The restore changed nothing."
    );
  const folder = `${store.work.folder}/${file.name}`;
  const close = /* @__PURE__ */ __name(async () => {
    await runScript(store.work.attach(client), `rm -rf ${folder}`, nonce()).catch(() => void 0);
  }, "close");
  try {
    const path = await store.bring(file, nonce());
    if (!file.encrypted || identity === void 0) return { path, sha256: file.sha256, close };
    return { path: `${folder}/open`, sha256: await decrypt(context, file, path, `${folder}/open`, identity), close };
  } catch (error) {
    await close();
    throw error;
  }
}
__name(openBackup, "openBackup");
async function decrypt({ store, client, nonce }, { name }, from, to, identity) {
  const container = store.work.attach(withAge(client)).withMountedSecret("/run/identity", identity).withEnvVariable("FROM", from).withEnvVariable("TO", to);
  const ran = await runScript(
    container,
    `umask 077; mkdir -p "$(dirname "$TO")"; age --decrypt -i /run/identity -o "$TO" "$FROM"; sha256sum < "$TO" | cut -d' ' -f1`,
    nonce()
  );
  if (ran.code === 0) return ran.out.trim();
  const untouched = "The restore changed nothing.";
  if (/no identity matched/i.test(ran.err))
    throw new TollgateError(
      "backup-identity",
      `--identity matches none of the recipients of ${name}.`,
      `Pass the private key of one of database.backup.encryptTo as it was when the backup was made. ${untouched}`
    );
  if (/identit|secret key/i.test(ran.err))
    throw new TollgateError(
      "backup-identity",
      "--identity is not a private age key.",
      `Pass a file as age-keygen writes it: AGE-SECRET-KEY-1\u2026 on a line of its own. ${untouched}`
    );
  throw new TollgateError(
    "backup-damaged",
    `${name} cannot be decrypted: ${ran.err.trim().split("\n")[0] ?? ""}`,
    `Restore another backup. ${untouched}`
  );
}
__name(decrypt, "decrypt");

// core/database/restore/restore.ts
var ADMINISTRATION = "postgres";
var ASIDE = "_aside_";
function asideName(database, stamp) {
  return `${database.slice(0, 35)}${ASIDE}${stamp.slice(0, 15)}`;
}
__name(asideName, "asideName");
async function restoreBeside(context, file, identity) {
  const name = `${context.reach.inProcess.database.slice(0, 35)}_restored_${context.run.slice(0, 15)}`;
  const fresh = context.reach.withDatabase(name);
  const opened = await openBackup(context, file, identity);
  await administer(context, async (session) => {
    await session.run(`DROP DATABASE IF EXISTS ${identifier(name)}`);
    const { encoding, collate, type } = await session.row(
      external_exports.object({ encoding: external_exports.string(), collate: external_exports.string(), type: external_exports.string() }),
      "SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS type FROM pg_database WHERE datname = $1",
      [context.reach.inProcess.database]
    );
    await session.run(
      `CREATE DATABASE ${identifier(name)} TEMPLATE template0 ENCODING ${literal(encoding)} LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(type)}`
    );
    await copyProperties(session, context.reach.inProcess.database, name);
  });
  try {
    const container = context.store.work.attach(fresh.inContainer(context.client)).withEnvVariable("DUMP", opened.path);
    await restoreInto(
      container,
      opened.sha256,
      context.nonce(),
      (text) => context.reach.redact(text),
      "The restore changed nothing."
    );
    const wrong = differentCounts(
      file.rows,
      await withSession(fresh.inProcess, "tollgate count", (session) => countRows(askSession(session)))
    );
    if (wrong.length > 0)
      throw new TollgateError(
        "restore-differs",
        `The restored rows are not those that were backed up: ${wrong.join(", ")}.`,
        "Restore another backup (--backup). The restore changed nothing."
      );
    return fresh;
  } catch (error) {
    await dropDatabase(context, name).catch(() => void 0);
    throw error;
  } finally {
    await opened.close();
  }
}
__name(restoreBeside, "restoreBeside");
async function copyProperties(session, from, to) {
  const settings = await session.rows(
    external_exports.object({ name: external_exports.string(), value: external_exports.string() }),
    `SELECT split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value
     FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS one WHERE d.datname = $1 AND s.setrole = 0`,
    [from]
  );
  for (const { name, value: given } of settings) {
    await session.run("SELECT set_config($1, $2, false)", [name, given]);
    await session.run(`ALTER DATABASE ${identifier(to)} SET ${name.split(".").map(identifier).join(".")} FROM CURRENT`);
    await session.run(`RESET ${name.split(".").map(identifier).join(".")}`);
  }
  const grants = await session.rows(
    external_exports.object({ privilege: external_exports.string(), grantee: external_exports.string().nullable() }),
    `SELECT a.privilege_type AS privilege, r.rolname AS grantee FROM pg_database d, aclexplode(d.datacl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname = $1`,
    [from]
  );
  if (grants.length === 0) return;
  await session.run(`REVOKE ALL ON DATABASE ${identifier(to)} FROM PUBLIC`);
  for (const { privilege, grantee } of grants)
    await session.run(
      `GRANT ${privilege} ON DATABASE ${identifier(to)} TO ${grantee === null ? "PUBLIC" : identifier(grantee)}`
    );
}
__name(copyProperties, "copyProperties");
var tableNow = external_exports.object({ rows: external_exports.number(), unchanged: external_exports.number(), byMigration: external_exports.number() });
async function compareWithBackup(session, file, transactions, version2) {
  const ask = askSession(session);
  const tables = (await tablesOf(ask)).filter(([, name]) => name !== version2);
  const next = "txid_snapshot_xmax(txid_current_snapshot())";
  const full = `lower + (SELECT ${next} / 4294967296 * 4294967296) - CASE WHEN lower > (SELECT ${next} % 4294967296) THEN 4294967296 ELSE 0 END`;
  const own = transactions.filter((id) => /^\d+$/.test(id));
  const answers = await ask(
    tables.map(
      ([
        schema,
        name
      ]) => `SELECT json_build_object('rows', count(*), 'unchanged', count(*) FILTER (WHERE txid_visible_in_snapshot(id, ${literal(file.snapshot)}::txid_snapshot)),
        'byMigration', count(*) FILTER (WHERE id = ANY('{${own.join(",")}}'::bigint[])))
        FROM (SELECT ${full} AS id FROM (SELECT xmin::text::bigint AS lower FROM ${identifier(schema)}.${identifier(name)}) AS t) AS rows`
    )
  );
  const now = new Map(tables.map(([schema, name], index) => [tableName(schema, name), value(tableNow, answers[index])]));
  const names = /* @__PURE__ */ new Set([...now.keys(), ...Object.keys(file.rows).filter((table) => table !== version2)]);
  return [...names].map((table) => ({ table, backedUp: file.rows[table] ?? null, now: now.get(table) ?? null }));
}
__name(compareWithBackup, "compareWithBackup");
async function swapIn(context, fresh, aside, permit) {
  const { database } = context.reach.inProcess;
  return administer(context, async (session) => {
    await rename(session, database, aside);
    let permission;
    try {
      permission = await permit(context.reach.withDatabase(aside));
    } catch (error) {
      await rename(session, aside, database);
      throw error;
    }
    await rename(session, permission.kind === "go" ? fresh : aside, database);
    return permission;
  });
}
__name(swapIn, "swapIn");
async function recoverFromSwap(reach) {
  const { database } = reach.inProcess;
  return withSession(reach.withDatabase(ADMINISTRATION).inProcess, "tollgate recover", async (session) => {
    const named = await session.rows(
      external_exports.object({ name: external_exports.string() }),
      "SELECT datname AS name FROM pg_database WHERE datname = $1 OR datname LIKE $2 ORDER BY datname = $1 DESC, datname DESC",
      [database, `${database.slice(0, 35).replace(/[\\%_]/g, "\\$&")}${ASIDE.replaceAll("_", "\\_")}%`]
    );
    const newest = named[0]?.name;
    if (newest === void 0 || newest === database) return null;
    await rename(session, newest, database);
    return newest;
  });
}
__name(recoverFromSwap, "recoverFromSwap");
async function createDatabase(context) {
  await administer(context, (session) => session.run(`CREATE DATABASE ${identifier(context.reach.inProcess.database)}`));
}
__name(createDatabase, "createDatabase");
async function dropDatabase(context, name) {
  await administer(context, (session) => session.run(`DROP DATABASE IF EXISTS ${identifier(name)}`));
}
__name(dropDatabase, "dropDatabase");
async function rename(session, from, to) {
  for (let attempt = 1; ; attempt += 1) {
    const kept = await endSessions(session, from);
    try {
      return await session.run(`ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)}`);
    } catch (error) {
      if (codeOf(error) !== IN_USE) throw error;
      if (attempt >= (kept.length > 0 ? 4 : 20)) throw stillInUse(from, kept);
    }
  }
}
__name(rename, "rename");
var IN_USE = "55006";
var NOT_ALLOWED = "42501";
var connected = external_exports.object({ pid: external_exports.number(), user: external_exports.string(), name: external_exports.string() });
async function endSessions(session, database) {
  const kept = [];
  for (const client of await session.rows(
    connected,
    `SELECT pid, coalesce(usename, '') AS "user", coalesce(application_name, '') AS name FROM pg_stat_activity
     WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    [database]
  )) {
    try {
      await session.run("SELECT pg_terminate_backend($1)", [client.pid]);
    } catch (error) {
      if (codeOf(error) !== NOT_ALLOWED) throw error;
      kept.push(client);
    }
  }
  return kept;
}
__name(endSessions, "endSessions");
function stillInUse(database, kept) {
  const who = kept.map(({ pid, user, name }) => `pid ${pid}, role ${user}${name === "" ? "" : ` (${name})`}`).join("; ");
  return new TollgateError(
    "database-in-use",
    kept.length === 0 ? `${database} could not be renamed: clients reconnect as fast as their sessions are ended.` : `${database} could not be renamed: this role may not end the sessions of others: ${who}.`,
    kept.length === 0 ? "Stop the application, or turn maintenance mode on, and run the same command again." : "Disconnect them, or give this role pg_signal_backend (a superuser's sessions only a superuser can end), and run the same command again."
  );
}
__name(stillInUse, "stillInUse");
function administer(context, work) {
  return withSession(context.reach.withDatabase(ADMINISTRATION).inProcess, sessionName("restore", context.run), work);
}
__name(administer, "administer");

// core/database/restore/require-writable.ts
async function requireWritable(reach) {
  const look2 = /* @__PURE__ */ __name(() => withSession(reach.inProcess, "tollgate look", async (session) => {
    const { recovery, readOnly } = await askServer(session);
    if (recovery || readOnly)
      throw new TollgateError(
        "database-read-only",
        recovery ? "The database is a replica: it is read-only." : "The database is read-only (default_transaction_read_only).",
        "Put the address of the primary server into --secrets. Nothing was changed."
      );
  }), "look");
  try {
    await look2();
    return [];
  } catch (error) {
    if (!(error instanceof TollgateError) || error.code !== "database-unknown") throw error;
    const recovered = await recoverFromSwap(reach).catch(() => null);
    if (recovered === null) throw error;
    await look2();
    return [`an interrupted restore had left the database under the name ${recovered}: it was renamed back`];
  }
}
__name(requireWritable, "requireWritable");

// core/database/migrate/migration.ts
var StepRefused = class extends Error {
  static {
    __name(this, "StepRefused");
  }
  causes;
  constructor(causes) {
    super(causes.join("\n"));
    this.causes = causes;
  }
};
function limitsOf({ settings, run }) {
  return {
    lockTimeout: settings.lockTimeout,
    statementTimeout: settings.statementTimeout,
    applicationName: `tollgate alembic ${run}`.slice(0, 63)
  };
}
__name(limitsOf, "limitsOf");

// core/database/alembic/models.ts
var NEEDED = ["add_table", "add_column"];
function judgeModels({ notCompared, differences }, before) {
  if (notCompared !== null)
    return { problems: [], warnings: [`the models could not be compared with the schema: ${notCompared}`] };
  const wasThere = /* @__PURE__ */ __name(({ kind, key }) => !NEEDED.includes(kind) && (before === null ? kind === "remove_table" : before.includes(key)), "wasThere");
  const old = differences.filter(wasThere);
  return {
    problems: inOrder(differences.filter((one) => !wasThere(one))).map(words),
    warnings: old.length === 0 ? [] : [`${count(old.length, "earlier difference")} between models and database: ${shown(inOrder(old))}`]
  };
}
__name(judgeModels, "judgeModels");
function inOrder(all) {
  return [...all].sort((one, other2) => one.kind.localeCompare(other2.kind) || one.what.localeCompare(other2.what));
}
__name(inOrder, "inOrder");
function keysOf({ differences }) {
  return differences.map(({ key }) => key);
}
__name(keysOf, "keysOf");
function words({ kind, what }) {
  const [, verb = "", noun = ""] = /^(add|remove)_(.*)$/.exec(kind) ?? [];
  const named = `${NOUNS.get(noun) ?? noun} ${what}`;
  switch (verb) {
    case "add":
      return `${named} is in the models and not in the database`;
    case "remove":
      return `${named} is in the database and not in the models`;
    default:
      return `${kind.replace(/^modify_/, "")} of ${what}`;
  }
}
__name(words, "words");
var NOUNS = /* @__PURE__ */ new Map([["fk", "foreign key"]]);
var MOST = 3;
function shown(all) {
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const alike = all.filter((one) => one.kind === kind).map(words);
    const rest = alike.length - MOST;
    return `${alike.slice(0, MOST).join("; ")}${rest > 0 ? `; and ${rest} more of the same kind` : ""}`;
  }).join("; ");
}
__name(shown, "shown");

// core/database/migrate/rehearse.ts
var rehearsed = external_exports.object({
  after: observation,
  /** What each of its commits left. */
  commits: external_exports.array(commit).prefault([]),
  /** How long the upgrade took on the copy, in seconds. */
  seconds: external_exports.number(),
  /** Whether the whole upgrade was one transaction: whatever happens to it, all of it lasts or nothing. */
  oneTransaction: external_exports.boolean(),
  /** Whether its first transaction cannot have lasted while schema and revision are as before. */
  firstIsSeen: external_exports.boolean().optional(),
  /** Differences between models and database that were there before the upgrade; null: not known. */
  known: external_exports.array(external_exports.string()).nullable().default(null),
  /** What of the models, and of what env.py tried to reach, is worth a word and no reason to stop. */
  modelWarnings: external_exports.array(external_exports.string()).default([]),
  downgrade: external_exports.discriminatedUnion("kind", [
    external_exports.object({ kind: external_exports.literal("proven"), seconds: external_exports.number() }),
    external_exports.object({ kind: external_exports.literal("not-proven"), why: external_exports.string() })
  ])
});
function observeCopy(ask, settings, version2, digests) {
  return observeContents(ask, { ...settings, invariants: {} }, version2, digests);
}
__name(observeCopy, "observeCopy");
async function rehearse(plan) {
  const { alembic, scratch, copy, settings, version: version2, limits } = plan;
  const before = await alembic.seenOnCopy(copy.observed, scratch);
  if (before.revision.join() !== plan.from.join())
    return {
      kind: "failed",
      why: `the copy is at ${revisionName(before.revision)} and the database at ${revisionName(plan.from)}: it cannot be rehearsed there`,
      output: ""
    };
  const known = keysOf(await alembic.check(scratch.reach));
  const began = performance.now();
  const run = await alembic.upgrade(scratch.reach, plan.from, plan.upgradeTo, limits, {
    tables: tablesIn(version2),
    beforeCommit: noteCommits(version2, plan.target ?? [])
  });
  const seconds = (performance.now() - began) / 1e3;
  if (!run.ok) return { kind: "failed", why: run.error ?? "alembic failed", output: run.output };
  const others = run.elsewhere.filter(({ database }) => database !== null);
  const besides = elsewhereProblem(run.elsewhere.filter(({ database }) => database === null));
  if (others.length > 0) return { kind: "failed", why: elsewhereProblem(others).join("\n"), output: run.output };
  const [after, comparison] = await Promise.all([
    observe(scratch.ask, settings, version2).then((seen) => alembic.seenOnCopy(seen, scratch)),
    alembic.check(scratch.reach)
  ]);
  const models = judgeModels(comparison, known);
  const problems = validate(
    after,
    { revision: [...plan.target ?? after.revision], schema: null, before },
    models.problems
  );
  if (problems.length > 0) return { kind: "failed", why: grouped(problems).join("\n"), output: run.output };
  const oneTransaction = run.journal !== null && run.journal.outside.length === 0 && run.journal.transactions.length === 1;
  return {
    kind: "passed",
    rehearsed: {
      after,
      commits: run.commits,
      seconds,
      oneTransaction,
      firstIsSeen: run.firstIsSeen,
      known,
      modelWarnings: [...models.warnings, ...besides],
      downgrade: await wayBack(plan)
    }
  };
}
__name(rehearse, "rehearse");
function noDowngrade(alembic, { rehearse: asked }, from, pending) {
  return alembic.noWayBack(from, pending) ?? (asked === "upgrade" ? "database.rehearse is upgrade" : null);
}
__name(noDowngrade, "noDowngrade");
async function wayBack(plan) {
  const { alembic, scratch, copy, settings, version: version2, limits } = plan;
  const none = noDowngrade(alembic, settings, plan.from, plan.pending);
  if (none !== null) return { kind: "not-proven", why: none };
  const began = performance.now();
  const run = await alembic.goBack(scratch.reach, plan.from, limits);
  const seconds = (performance.now() - began) / 1e3;
  if (!run.ok) return { kind: "not-proven", why: `the rehearsed downgrade failed: ${run.error ?? "alembic failed"}` };
  const { contents: restored2, observed } = await observeContents(
    scratch.ask,
    { ...settings, protect: [], invariants: {}, unchanged: {} },
    version2
  );
  const now = await alembic.seenOnCopy(observed, scratch);
  if (now.revision.join() !== plan.from.join())
    return { kind: "not-proven", why: "the rehearsed downgrade ended at another revision" };
  if (now.schema !== copy.observed.schema)
    return { kind: "not-proven", why: "the rehearsed downgrade left another schema than before" };
  const different = Object.keys(copy.contents).filter((table) => copy.contents[table] !== restored2[table]);
  if (different.length > 0)
    return { kind: "not-proven", why: `the rehearsed downgrade did not bring back the rows of ${different.join(", ")}` };
  return { kind: "proven", seconds };
}
__name(wayBack, "wayBack");

// core/database/migrate/backup-and-rehearse.ts
async function backupAndRehearse(migration, scratch, serverVersion) {
  const { steps, result } = migration;
  const { tested, warning } = migration.backupTest;
  if (warning !== null) result.warnings.push(warning);
  const emptied = tested ? scratch.empty() : Promise.resolve();
  emptied.catch(() => void 0);
  const dump = await steps.take(
    "backup",
    () => dumpDatabase(migration, result.from, migration.version, serverVersion),
    ({ file }) => `${Object.values(file.rows).reduce((sum, rows) => sum + rows, 0)} rows`
  );
  if (!tested) {
    const kept2 = await keep(migration, dump);
    result.backup = kept2.file;
    return kept2;
  }
  const restored2 = await steps.take(
    "test the backup",
    () => testDump(migration, dump, { scratch, emptied }, (ask) => lookAtCopy(migration, ask)),
    () => "restored, every row counted"
  );
  const keeping = keep(migration, restored2.tested);
  const rehearsing = "contents" in restored2.seen ? takeRehearsal(migration, scratch, restored2.seen) : null;
  const [kept, rehearsal] = await Promise.allSettled([keeping, rehearsing]);
  if (kept.status === "rejected") throw kept.reason;
  result.backup = kept.value.file;
  result.warnings.push(...scratch.warnings);
  if (rehearsal.status === "rejected") {
    await kept.value.cleaned;
    throw rehearsal.reason;
  }
  if (rehearsal.value !== null) await useRehearsal(migration, rehearsal.value);
  return kept.value;
}
__name(backupAndRehearse, "backupAndRehearse");
function keep(migration, dump) {
  return migration.steps.take(
    "keep the backup",
    () => keepDump(migration, dump, (text) => migration.result.warnings.push(text)),
    ({ file }) => file.name
  );
}
__name(keep, "keep");
async function lookAtCopy(migration, ask) {
  const { settings, result, alembic, version: version2 } = migration;
  if (settings.rehearse === false) return { rows: await countRows(ask) };
  return observeCopy(ask, settings, version2, noDowngrade(alembic, settings, result.from, result.pending) === null);
}
__name(lookAtCopy, "lookAtCopy");
function takeRehearsal(migration, scratch, copy) {
  const { steps, settings, result, alembic, version: version2 } = migration;
  return steps.take(
    "rehearse",
    async () => {
      const found = await rehearse({
        alembic,
        scratch,
        copy,
        settings,
        version: version2,
        from: result.from,
        target: version2.foreign === true && result.target.length === 0 ? null : result.target,
        upgradeTo: migration.upgradeTo,
        pending: result.pending,
        limits: limitsOf(migration)
      });
      if (found.kind === "failed") throw new StepRefused(found.why.split("\n"));
      return found.rehearsed;
    },
    ({ seconds, downgrade: downgrade2 }) => `upgrade ${seconds.toFixed(1)} s; ${downgrade2.kind === "proven" ? "downgrade passed" : "no downgrade to undo it"}`
  );
}
__name(takeRehearsal, "takeRehearsal");
async function useRehearsal({ steps, result, run, version: version2 }, rehearsed2) {
  result.rehearsed = rehearsed2;
  if (version2.foreign === true) result.target = rehearsed2.after.revision;
  result.warnings.push(...rehearsed2.modelWarnings);
  await recordMeasured(
    steps.lock.session,
    run,
    "rehearsal",
    upgradeDigest(result.from, result.pending),
    rehearsed2.seconds
  );
}
__name(useRehearsal, "useRehearsal");

// core/database/migrate/migration-file.ts
var migrationFile = external_exports.object({
  format: external_exports.literal(1),
  tollgate: external_exports.string().describe("Version of Tollgate."),
  environment: external_exports.string(),
  database: external_exports.string(),
  run: external_exports.string(),
  madeAt: external_exports.string().describe("ISO 8601, at the end of the run."),
  verdict: external_exports.string(),
  good: external_exports.boolean().describe("Whether the database is at the head."),
  from: external_exports.array(external_exports.string()),
  target: external_exports.array(external_exports.string()),
  pending: external_exports.array(external_exports.object({ revision: external_exports.string(), message: external_exports.string(), file: external_exports.string(), sha256: external_exports.string() })),
  steps: external_exports.array(
    external_exports.object({ name: external_exports.string(), status: external_exports.enum(["done", "failed"]), seconds: external_exports.number(), note: external_exports.string() })
  ),
  warnings: external_exports.array(external_exports.string()),
  outcome: external_exports.string().describe("migrated, up-to-date, refused, undone, asks or not-undone."),
  failedStep: external_exports.string().nullable(),
  causes: external_exports.array(external_exports.string()).describe("Why it failed."),
  takenBack: external_exports.string().nullable().describe("How it was undone, and why in this way."),
  undoCauses: external_exports.array(external_exports.string()).describe("Why it could not be undone."),
  question: external_exports.string().nullable().describe("What an operator must decide."),
  rehearsal: external_exports.object({
    seconds: external_exports.number(),
    oneTransaction: external_exports.boolean(),
    wayBack: external_exports.string(),
    rows: external_exports.record(external_exports.string(), external_exports.number())
  }).nullable(),
  backup: backupFile.nullable(),
  store: external_exports.string().describe("Where the backup is."),
  setAside: external_exports.string().nullable().describe("The previous database, where a restore replaced it."),
  lost: external_exports.number().describe("Rows that are in the previous database and not in the restored one."),
  summary: external_exports.string().describe("The screen.")
});
function migrationDocument(result) {
  const {
    environment,
    database,
    run,
    from,
    target,
    pending,
    steps,
    warnings,
    outcome,
    rehearsed: rehearsed2,
    backup,
    store,
    setAside,
    lost
  } = result;
  const way = rehearsed2?.downgrade.kind === "not-proven" ? `a restore: ${rehearsed2.downgrade.why}` : "a downgrade, as rehearsed";
  return {
    format: 1,
    tollgate: version,
    environment,
    database,
    run,
    madeAt: (/* @__PURE__ */ new Date()).toISOString(),
    verdict: verdict(result),
    good: isMigrated(result),
    from,
    target,
    pending: pending.map(({ revision, message, file, sha256 }) => ({ revision, message, file, sha256 })),
    steps: [...steps],
    warnings,
    outcome: outcome.kind,
    failedStep: "step" in outcome ? outcome.step : null,
    causes: "causes" in outcome ? outcome.causes : [],
    takenBack: outcome.kind === "undone" ? `${outcome.way}: ${outcome.why}` : null,
    undoCauses: outcome.kind === "not-undone" ? outcome.undoCauses : [],
    question: outcome.kind === "asks" ? outcome.question : null,
    rehearsal: rehearsed2 === null ? null : {
      seconds: rehearsed2.seconds,
      oneTransaction: rehearsed2.oneTransaction,
      wayBack: way,
      rows: rehearsed2.after.rows
    },
    backup,
    store,
    setAside,
    lost,
    summary: migrationScreen(result, { report: "report.html" })
  };
}
__name(migrationDocument, "migrationDocument");

// core/database/backup/backup-place.ts
function backupPlaceWarning(to) {
  if (!to.startsWith("directory:")) return [];
  return [
    `the backup is only in ${to}, a volume of this Dagger engine: it is lost when the volume is removed or the engine is killed. database.backup.to: s3://BUCKET/PREFIX stores backups elsewhere`
  ];
}
__name(backupPlaceWarning, "backupPlaceWarning");

// core/database/migrate/preflight.ts
var CONNECTIONS = 5;
function judgePreflight(found) {
  const { inspection, server, clientMajor, freeBytes, long, record, others } = found;
  const problems = [
    ...judgeRevisions(inspection),
    ...judgeRecord(record, inspection.revisions),
    ...judgePrograms(clientMajor, server)
  ];
  const warnings = [];
  if (clientMajor > server.major)
    warnings.push(`the rehearsal runs on Postgres ${clientMajor}, the server is ${server.major}`);
  if (server.connections + CONNECTIONS > server.maxConnections)
    problems.push(
      `${server.connections} of ${server.maxConnections} connections are in use; a migration needs ${CONNECTIONS}`
    );
  if (!(freeBytes >= server.bytes * 2))
    problems.push(
      `the engine's disk has ${megabytes(freeBytes)} free; backup and rehearsal of a database of ${megabytes(server.bytes)} may need ${megabytes(server.bytes * 2)}`
    );
  if (!server.mayCreateDatabases || !server.owns)
    warnings.push(
      "the user may not create databases, or does not own this one: a failure that only the backup can undo must be restored by hand"
    );
  for (const { pid, name, user, seconds, state } of long)
    problems.push(
      pid === 0 ? `the prepared transaction ${name} of ${user} has been open for ${Math.round(seconds)} s` : `process ${pid} (${name === "" ? "no name" : name}, user ${user}) has had a transaction open for ${Math.round(seconds)} s, ${state}: a migration would wait behind it, and the application behind the migration`
    );
  if (others !== null && others.length > 0)
    problems.push(`--maintenance was given, but other sessions are connected: ${others.join(", ")}`);
  return { problems, warnings };
}
__name(judgePreflight, "judgePreflight");
function judgePrograms(clientMajor, server) {
  if (clientMajor >= server.major) return [];
  return [
    `pg_dump of database.image is version ${clientMajor}, the server is ${server.major}: an older pg_dump cannot back up a newer server`
  ];
}
__name(judgePrograms, "judgePrograms");
function judgeRevisions({ heads, current, revisions }) {
  const strange = unknownRevisions(revisions, current);
  const unmerged = headsNotApart(revisions, heads);
  return [
    ...unmerged.length > 0 ? [`alembic has ${unmerged.length} heads: ${unmerged.join(", ")}; ${howToMerge(unmerged)}`] : [],
    ...heads.length === 0 ? ["alembic has no revision"] : [],
    ...strange.length > 0 ? [`the database is newer than the code: it is at ${strange.join(", ")}, which this source does not have`] : []
  ];
}
__name(judgeRevisions, "judgeRevisions");
function judgeRecord(record, source) {
  return [
    ...record.kind === "chain" && record.broken !== null ? [`the hash chain of applied revisions is broken: ${record.broken}; the schema tollgate was edited by hand`] : [],
    ...changedRevisions(record, source).map(
      ({ now }) => `the revision ${now.revision} was applied here with other content than ${now.file} has now: restore the file, and write the change as a new revision`
    )
  ];
}
__name(judgeRecord, "judgeRecord");
function megabytes(bytes) {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
__name(megabytes, "megabytes");

// core/database/migrate/run-preflight.ts
async function preflight(migration) {
  const { settings, steps, store, client, nonce, request, result } = migration;
  const { session } = steps.lock;
  const ended = await endLeftOverMigrations(session);
  if (ended > 0) result.warnings.push(`ended ${count(ended, "session")} of an earlier migration that was killed`);
  const [{ major, freeBytes }, server] = await Promise.all([
    clientFacts(store.work.attach(client), store.work.folder, nonce()),
    askServer(session),
    store.contents(nonce())
  ]);
  const unsuited = judgePrograms(major, server);
  if (unsuited.length > 0) throw new StepRefused(unsuited);
  const inspection = await inspect(migration);
  const { problems, warnings } = judgePreflight({
    inspection: inspection.version.foreign === true ? WITHOUT_REVISIONS : inspection,
    server,
    clientMajor: major,
    freeBytes,
    long: await longTransactions(session, settings.longTransaction),
    record: await appliedRecord(session),
    others: request.maintenance ? (await otherSessions(session)).map(({ name, user }) => name === "" ? user : name) : null
  });
  result.warnings.push(...warnings);
  if (settings.backup.encryptTo.length > 0 && request.identity === void 0)
    result.warnings.push("without --identity a failure that only the encrypted backup can undo is not undone");
  if (request.entryPoint === "module" || request.volumesMayVanish === true)
    result.warnings.push(...backupPlaceWarning(settings.backup.to));
  if (problems.length > 0) throw new StepRefused(problems);
  return inspection;
}
__name(preflight, "preflight");
var WITHOUT_REVISIONS = { heads: ["newest"], ends: [], revisions: [], pending: [], current: [] };
async function inspect(migration) {
  const inspected = await migration.alembic.lookAhead(await migration.starting, migration.reach);
  migration.version = inspected.version;
  return inspected;
}
__name(inspect, "inspect");

// core/database/migrate/run-steps.ts
var RunSteps = class {
  static {
    __name(this, "RunSteps");
  }
  /** Those that are over, in the order in which they began. */
  records = [];
  #begun = [];
  #run;
  #lock;
  #count = 0;
  constructor(run, lock) {
    this.#run = run;
    this.#lock = lock;
  }
  /** The lock was taken anew, on another connection or in another database. */
  use(lock) {
    this.#lock = lock;
  }
  get lock() {
    return this.#lock;
  }
  /** The step that failed last; empty when none has. */
  get failed() {
    return this.records.findLast(({ status }) => status === "failed")?.name ?? "";
  }
  /**
   * @param before recorded before it begins: for the next run, if this one is killed
   * @param end what came of it, in a few words
   */
  async take(name, work, end = () => "done", before = {}) {
    this.#lock.requireHeld();
    const turn = this.#count += 1;
    await recordEvent(this.#lock.session, this.#run, { step: name, status: "started", detail: before });
    const began = performance.now();
    const seconds = /* @__PURE__ */ __name(() => (performance.now() - began) / 1e3, "seconds");
    try {
      const result = await step(name, work, end);
      this.#keep(turn, { name, status: "done", seconds: seconds(), note: end(result) });
      await this.note(name, "done", { note: end(result) });
      return result;
    } catch (error) {
      this.#keep(turn, { name, status: "failed", seconds: seconds(), note: "" });
      await this.note(name, "failed", { why: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
  /** Of what has happened already: a database that is away cannot take it down, and need not. */
  async note(name, status, detail) {
    if (this.#lock.session.broken) return;
    await recordEvent(this.#lock.session, this.#run, { step: name, status, detail }).catch(() => void 0);
  }
  /** Steps may overlap: one that began earlier stands before one that was over earlier. */
  #keep(turn, record) {
    const later = this.#begun.findIndex((other2) => other2 > turn);
    const place = later === -1 ? this.records.length : later;
    this.#begun.splice(place, 0, turn);
    this.records.splice(place, 0, record);
  }
};

// core/database/migrate/intent.ts
var intent = external_exports.object({
  before: observation,
  from: external_exports.array(external_exports.string()),
  target: external_exports.array(external_exports.string()),
  backup: backupFile,
  rehearsed: rehearsed.nullable()
});

// core/database/restore/put-in-place.ts
async function putInPlace({ context, steps, backup, identity, permit, prefix }) {
  const { reach, run, settings } = context;
  const first = await steps.take(
    `${prefix}count what was written since the backup`,
    () => permit(steps.lock.session),
    (found) => found.kind === "go" ? count(found.lost, "row") : "an operator must decide"
  );
  if (first.kind === "ask") return { kind: "asks", question: first.why };
  const fresh = await steps.take(
    `${prefix}restore the backup beside the database`,
    () => restoreBeside(context, backup, identity),
    () => "every row counted"
  );
  const setAside = asideName(reach.inProcess.database, run);
  await steps.lock.release();
  const permission = await swapIn(
    context,
    fresh.inProcess.database,
    setAside,
    (aside) => withSession(aside.inProcess, "tollgate count", permit)
  );
  steps.use(await takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease }));
  if (permission.kind === "go") return { kind: "placed", setAside, lost: permission.lost };
  await dropDatabase(context, fresh.inProcess.database);
  return { kind: "asks", question: permission.why };
}
__name(putInPlace, "putInPlace");

// core/database/migrate/reconnect.ts
import { setTimeout as pause3 } from "node:timers/promises";
async function look({ steps, settings, version: version2, alembic, starting }) {
  return alembic.seenOnReal(await observe(askSession(steps.lock.session), settings, version2), await starting);
}
__name(look, "look");
async function reconnect(migration) {
  const { steps, reach, settings, run } = migration;
  if (!await isHeld(steps.lock)) {
    await steps.lock.release();
    const deadline = Date.now() + settings.serverWait * 1e3;
    for (; ; ) {
      try {
        await (await openSession(reach.inProcess, "tollgate look")).close();
        break;
      } catch (error) {
        if (!isServerAway(error) || Date.now() > deadline) throw error;
        await pause3(500);
      }
    }
    steps.use(await takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease }));
  }
  await endLeftOverMigrations(steps.lock.session);
}
__name(reconnect, "reconnect");
async function isHeld(lock) {
  try {
    await lock.session.run("SELECT 1");
    lock.requireHeld();
    return true;
  } catch {
    return false;
  }
}
__name(isHeld, "isHeld");

// core/database/migrate/undo.ts
function decideUndo({ before, now, journal, rehearsed: rehearsed2 }) {
  const sameRevision = now.revision.join() === before.revision.join();
  const asBefore2 = sameRevision && now.schema === before.schema;
  if (asBefore2 && journal !== null && journal.outside.length === 0 && journal.transactions.length === 0)
    return { way: "nothing", why: "its transaction was rolled back: nothing was committed" };
  if (asBefore2 && journal === null && rehearsed2?.oneTransaction === true)
    return { way: "nothing", why: "the whole upgrade is one transaction, by the rehearsal, and it was rolled back" };
  if (asBefore2 && journal === null && rehearsed2?.firstIsSeen === true)
    return {
      way: "nothing",
      why: "by the rehearsal its first transaction changes the schema or the revision, and neither has changed: nothing was committed"
    };
  if (!sameRevision && rehearsed2?.downgrade.kind === "proven" && whole(now, journal, rehearsed2))
    return { way: "downgrade", why: "the rehearsal ran this downgrade, and every table was as before" };
  return { way: "restore", why: reasonForRestore(sameRevision, asBefore2, rehearsed2) };
}
__name(decideUndo, "decideUndo");
function whole(now, journal, rehearsed2) {
  if (now.schema === rehearsed2.after.schema && now.revision.join() === rehearsed2.after.revision.join()) return true;
  return journal !== null && journal.outside.length === 0;
}
__name(whole, "whole");
function reasonForRestore(sameRevision, asBefore2, rehearsed2) {
  if (asBefore2) return "statements outside of a transaction may have changed rows, and no downgrade begins there";
  if (sameRevision) return "a part of a revision was committed, and no downgrade begins in the middle of one";
  if (rehearsed2 === null) return "no downgrade was rehearsed";
  return rehearsed2.downgrade.kind === "proven" ? "the database is in a state that the rehearsal never reached" : rehearsed2.downgrade.why;
}
__name(reasonForRestore, "reasonForRestore");
function writtenSince(tables) {
  return tables.flatMap(({ table, backedUp, now }) => {
    if (now === null) return backedUp === null ? [] : [{ table, rows: 0, alsoByMigration: true }];
    const byOthers = now.rows - now.unchanged - now.byMigration;
    if (backedUp === null) return byOthers > 0 ? [{ table, rows: byOthers, alsoByMigration: now.byMigration > 0 }] : [];
    const touched = now.byMigration > 0;
    const rows = touched ? Math.max(byOthers, now.rows - backedUp, 0) : Math.max(byOthers, backedUp - now.unchanged);
    return rows > 0 || touched ? [{ table, rows, alsoByMigration: touched }] : [];
  });
}
__name(writtenSince, "writtenSince");
function mayRestore(written, allowed) {
  const lost = written.reduce((sum, { rows }) => sum + rows, 0);
  if (allowed.maintenance || allowed.discard) return { kind: "go", lost };
  const hidden = written.filter(({ alsoByMigration }) => alsoByMigration).map(({ table }) => table);
  if (lost === 0 && hidden.length === 0) return { kind: "go", lost: 0 };
  const tables = written.filter(({ rows }) => rows > 0).map(({ table, rows }) => `${table}: ${rows}`);
  const counted = lost > 0 ? [`${lost} rows were written, changed or removed since the backup (${tables.join(", ")})`] : [];
  const unsure = hidden.length > 0 ? [
    `the migration itself wrote to ${hidden.join(", ")}: changes by others cannot be told apart from its own there`
  ] : [];
  return { kind: "ask", why: [...counted, ...unsure].join("; ") };
}
__name(mayRestore, "mayRestore");

// core/database/migrate/watch.ts
import { setTimeout as pause4 } from "node:timers/promises";
var LOOK_EVERY_MS = 1e3;
var GIVE_UP_AFTER = 8;
async function watched(reach, lock, applicationName, work) {
  let settled = false;
  const done = work.finally(() => settled = true);
  const lost = /* @__PURE__ */ __name(async () => {
    let seen = false;
    for (let absent = 0; absent < GIVE_UP_AFTER; ) {
      await pause4(LOOK_EVERY_MS, void 0, { ref: false });
      if (settled) return done;
      const there = await isThere(reach, applicationName);
      if (there === true) [seen, absent] = [true, 0];
      else if (there === false && (seen || lock.session.broken)) absent += 1;
    }
    return {
      ok: false,
      error: "the server ended the migration's session",
      sqlstate: null,
      journal: null,
      output: "",
      elsewhere: [],
      commits: []
    };
  }, "lost");
  return Promise.race([done, lost()]);
}
__name(watched, "watched");
async function isThere(reach, applicationName) {
  try {
    return await withSession(reach.inProcess, "tollgate watch", async (session) => {
      const { there } = await session.row(
        external_exports.object({ there: external_exports.boolean() }),
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1) AS there",
        [applicationName]
      );
      return there;
    });
  } catch {
    return null;
  }
}
__name(isThere, "isThere");

// core/database/migrate/undo-migration.ts
async function undoMigration(migration, intent2, failure) {
  const { result, steps } = migration;
  const { step: step2, causes } = failure;
  try {
    await reconnect(migration);
    const now = await look(migration);
    const undo = decideUndo({ before: intent2.before, now, journal: failure.journal, rehearsed: intent2.rehearsed });
    if (undo.way === "downgrade") {
      const wrong = await steps.take(
        "undo: downgrade",
        () => downgrade(migration, intent2),
        (problems) => problems.length === 0 ? "as it was before" : "not as it was before"
      );
      if (wrong.length === 0) result.outcome = { kind: "undone", step: step2, causes, way: "downgrade", why: undo.why };
      else result.outcome = await restored(migration, intent2, failure, wrong.join("; "));
    } else if (undo.way === "restore") {
      result.outcome = await restored(migration, intent2, failure, undo.why);
    } else {
      const wrong = asBefore(now, intent2);
      result.outcome = wrong.length === 0 ? { kind: "undone", step: step2, causes, way: "nothing", why: undo.why } : { kind: "not-undone", step: step2, causes, undoCauses: wrong };
    }
  } catch (error) {
    const why = migration.reach.redact(error instanceof Error ? error.message : String(error));
    result.outcome = {
      kind: "not-undone",
      step: step2,
      causes,
      undoCauses: why.split("\n").filter((line) => line.trim() !== "")
    };
  }
}
__name(undoMigration, "undoMigration");
function asBefore(now, { before, from }) {
  return validate(now, { revision: from, schema: before.schema, before }, []);
}
__name(asBefore, "asBefore");
async function downgrade(migration, intent2) {
  const { alembic, reach } = migration;
  const limits = limitsOf(migration);
  const run = await watched(
    reach,
    migration.steps.lock,
    limits.applicationName,
    alembic.goBack(reach, intent2.from, limits)
  );
  if (!run.ok) {
    await reconnect(migration);
    return [`the downgrade failed: ${run.error ?? "alembic failed"}`];
  }
  return asBefore(await look(migration), intent2);
}
__name(downgrade, "downgrade");
async function restored(migration, intent2, failure, why) {
  const { steps, result, request, version: version2 } = migration;
  const { step: step2, causes } = failure;
  const allowed = { maintenance: request.maintenance, discard: false };
  const permit = /* @__PURE__ */ __name(async (session) => mayRestore(
    writtenSince(await compareWithBackup(session, intent2.backup, failure.journal?.transactions ?? [], version2.name)),
    allowed
  ), "permit");
  const placed = await putInPlace({
    context: migration,
    steps,
    backup: intent2.backup,
    identity: request.identity,
    permit,
    prefix: "undo: "
  });
  if (placed.kind === "asks")
    return {
      kind: "asks",
      step: step2,
      causes: [...causes, `only restoring the backup can undo this: ${why}`],
      question: placed.question
    };
  result.setAside = placed.setAside;
  result.lost = placed.lost;
  await carryOver(migration);
  const wrong = asBefore(await look(migration), {
    ...intent2,
    before: { ...intent2.before, rows: countsOfBackup(intent2) }
  });
  if (wrong.length > 0) return { kind: "not-undone", step: step2, causes, undoCauses: wrong };
  return { kind: "undone", step: step2, causes, way: "restore", why };
}
__name(restored, "restored");
function countsOfBackup({ before, backup }) {
  return Object.fromEntries(Object.keys(before.rows).map((table) => [table, backup.rows[table] ?? 0]));
}
__name(countsOfBackup, "countsOfBackup");
async function carryOver({ steps, run, request }) {
  const { session } = steps.lock;
  await recordRun(session, run, "migrate", request.environment, version);
  for (const { name, status, note, seconds } of steps.records)
    await recordEvent(session, run, { step: name, status, detail: { note, seconds, carriedOver: true } });
}
__name(carryOver, "carryOver");

// core/database/migrate/upgrade.ts
import { setTimeout as pause5 } from "node:timers/promises";
async function upgradeForReal(migration, cleaned) {
  const { steps, settings, result, version: version2 } = migration;
  if (result.backup === null) throw new RangeError("no upgrade without a backup");
  const before = {
    ...await observe(askSession(steps.lock.session), { ...settings, invariants: {} }, version2),
    ...version2.foreign === true ? { revision: result.from } : {}
  };
  const known = result.rehearsed === null ? keysOf(await migration.alembic.check((await migration.starting).reach)) : result.rehearsed.known;
  const written = {
    before,
    from: result.from,
    target: result.target,
    backup: result.backup,
    rehearsed: result.rehearsed
  };
  const runs = [];
  try {
    await steps.take(
      "upgrade",
      () => upgrade(migration, before, runs),
      () => `to ${revisionName(result.target)}${runs.length > 1 ? `, ${runs.length} attempts` : ""}`,
      written
    );
    await steps.take(
      "validate",
      () => validateNow(migration, before, modelsAfter(result.rehearsed, known)),
      () => "revision, schema, rows, invariants"
    );
    const { seconds = 0 } = steps.records.findLast(({ name }) => name === "upgrade") ?? {};
    await recordMeasured(
      steps.lock.session,
      migration.run,
      "migration",
      upgradeDigest(result.from, result.pending),
      seconds
    );
    result.outcome = { kind: "migrated" };
  } catch (error) {
    const step2 = steps.failed === "" ? "upgrade" : steps.failed;
    const causes = error instanceof StepRefused ? error.causes : [migration.reach.redact(error instanceof Error ? error.message : String(error))];
    await cleaned;
    await undoMigration(migration, written, { step: step2, causes, journal: joined(runs) });
  }
}
__name(upgradeForReal, "upgradeForReal");
function modelsAfter(rehearsal, known) {
  return rehearsal === null ? { kind: "to-be-asked", known } : { kind: "compared", schema: rehearsal.after.schema, known };
}
__name(modelsAfter, "modelsAfter");
async function upgrade(migration, before, runs) {
  const { alembic, reach, settings, result, steps, version: version2 } = migration;
  for (let attempt = 1, at = result.from; ; attempt += 1) {
    const limits = limitsOf(migration);
    const beforeCommit = !alembic.comparesBeforeCommit ? null : await compareCommits(
      steps.lock.session,
      settings,
      version2,
      result.target,
      before,
      result.rehearsed?.commits ?? null,
      at
    );
    const run = await watched(
      reach,
      migration.steps.lock,
      limits.applicationName,
      alembic.upgrade(reach, at, migration.upgradeTo, limits, { tables: tablesIn(version2), beforeCommit })
    );
    runs.push(run);
    if (run.ok) return;
    await reconnect(migration);
    const now = await alembic.seenOnReal(
      await observe(
        askSession(migration.steps.lock.session),
        { ...settings, protect: [], invariants: {}, unchanged: {} },
        migration.version
      ),
      await migration.starting
    );
    const { revision } = now;
    if (revision.join() === result.target.join() && run.journal === null) return;
    at = revision;
    const lockNotAvailable = run.sqlstate === "55P03";
    const cleanStop = run.journal !== null ? run.journal.outside.length === 0 : decideUndo({ before, now, journal: null, rehearsed: result.rehearsed }).way === "nothing";
    if (!lockNotAvailable || !cleanStop || attempt === settings.attempts) {
      const tried = attempt > 1 ? ` (${attempt} attempts)` : "";
      const full = run.sqlstate === "53100" ? ["the disk of the database's server is full"] : [];
      throw new StepRefused([...full, `${run.error ?? "alembic failed"}${tried}`]);
    }
    await pause5(Math.min(3e4, 500 * 2 ** attempt) * (0.5 + Math.random()));
  }
}
__name(upgrade, "upgrade");
async function validateNow(migration, before, models) {
  const now = await lookAndCompare(migration, models);
  const problems = [
    ...validate(now.observed, { revision: migration.result.target, schema: null, before }, now.differences),
    ...afterCommit(migration, now.observed, models)
  ];
  if (problems.length > 0) throw new StepRefused(grouped(problems));
  return now.observed;
}
__name(validateNow, "validateNow");
function afterCommit({ alembic }, { schema }, models) {
  return !alembic.comparesBeforeCommit && models.kind === "compared" && schema !== models.schema ? ["the schema is not the one that the rehearsal produced"] : [];
}
__name(afterCommit, "afterCommit");
async function lookAndCompare(migration, models) {
  const { alembic, reach, result } = migration;
  alembic.unload(reach);
  const compare = /* @__PURE__ */ __name(async (known) => {
    const judged = judgeModels(await checkOnCopy(migration), known);
    result.warnings.push(...judged.warnings.filter((warning) => !result.warnings.includes(warning)));
    return judged.problems;
  }, "compare");
  if (models.kind === "compared") {
    const observed = await look(migration);
    return { observed, differences: observed.schema === models.schema ? [] : await compare(models.known) };
  }
  const [looked, checked] = await Promise.allSettled([
    look(migration),
    models.kind === "to-be-asked" ? compare(models.known) : []
  ]);
  if (looked.status === "rejected") throw looked.reason;
  if (checked.status === "rejected") throw checked.reason;
  return { observed: looked.value, differences: checked.value };
}
__name(lookAndCompare, "lookAndCompare");
async function checkOnCopy({ alembic, starting, version: version2, result }) {
  if (version2.foreign === true) return { notCompared: null, differences: [] };
  const scratch = await starting;
  await scratch.takeSchema(version2, result.target);
  return alembic.check(scratch.reach);
}
__name(checkOnCopy, "checkOnCopy");
function joined(runs) {
  const journals = runs.map(({ journal }) => journal);
  return journals.reduce(
    (all, one) => all === null || one === null ? null : {
      transactions: [...all.transactions, ...one.transactions],
      outside: [...all.outside, ...one.outside],
      statements: all.statements + one.statements
    },
    { transactions: [], outside: [], statements: 0 }
  );
}
__name(joined, "joined");

// core/database/migrate/unfinished.ts
async function finishEarlier(migration, earlier) {
  const { result, steps } = migration;
  const parsed = intent.safeParse(earlier.detail);
  if (!parsed.success) {
    result.outcome = {
      kind: "not-undone",
      step: "upgrade",
      causes: [`the run ${earlier.run} was killed while it changed the database`],
      undoCauses: ["its record in tollgate.events is unreadable"]
    };
    return "over";
  }
  const { before, from, target, backup, rehearsed: rehearsed2 } = parsed.data;
  const cause = `the run ${earlier.run} was killed while it changed the database`;
  if (result.from.join() === target.join()) {
    const heads = result.target;
    result.from = from;
    result.target = target;
    result.backup = backup;
    result.rehearsed = rehearsed2;
    const models = heads.join() === target.join() ? { kind: "to-be-asked", known: rehearsed2?.known ?? null } : { kind: "of-another-revision" };
    try {
      await steps.take(
        "validate the earlier run",
        () => validateNow(migration, before, models),
        () => `${earlier.run} was killed after its upgrade`
      );
      result.warnings.push(`${cause}: its upgrade is complete and valid`);
      if (result.pending.length > 0) {
        result.from = target;
        result.target = heads;
        return "go-on";
      }
      result.outcome = { kind: "migrated" };
      return "over";
    } catch (error) {
      await undoMigration(migration, parsed.data, {
        step: "validate",
        causes: [cause, error instanceof Error ? error.message : String(error)],
        journal: null
      });
      return "over";
    }
  }
  await undoMigration(migration, parsed.data, { step: "upgrade", causes: [cause], journal: null });
  if (result.outcome.kind !== "undone") return "over";
  result.warnings.push(`${cause}: ${result.outcome.why}`);
  result.outcome = { kind: "up-to-date" };
  result.from = from;
  result.pending = pendingRevisions(migration.revisions, from);
  return "go-on";
}
__name(finishEarlier, "finishEarlier");

// core/database/migrate/migrate.ts
async function migrateSource(source, request, known) {
  const settings = known ?? await readSettings(source);
  environmentSettings(settings, request.environment);
  const reach = await reachDatabase(settings.database, request.secrets, request.entryPoint);
  const app = await appFolder(source, settings);
  const alembic = await step("install dependencies", () => migrationsOf(settings, app));
  return migrate(settings, alembic, reach, request);
}
__name(migrateSource, "migrateSource");
async function migrationsOf(settings, app) {
  const tool = await migrationTool(settings, app);
  return tool?.kind === "commands" ? CommandMigrations.of(settings, app, tool) : Alembic.of(settings, app);
}
__name(migrationsOf, "migrationsOf");
async function migrate(settings, alembic, reach, request, given) {
  try {
    return await prepared(settings, alembic, reach, request, given);
  } finally {
    await alembic.end();
  }
}
__name(migrate, "migrate");
async function prepared(settings, alembic, reach, request, given) {
  const { database } = settings;
  const store = given ?? await openStore(database, request.secrets, request.entryPoint, request.environment, reach.inProcess.database);
  const [client, warnings] = await Promise.all([clientPrograms(database), requireWritable(reach)]);
  const nonce = nonces(request.run);
  const place = placeOfScratch(database, reach, nonce, alembic.copyOptions);
  const starting = startScratch(place, reach, client, nonce, alembic.copyOptions);
  starting.catch(() => void 0);
  alembic.load(place.reach);
  const stop = /* @__PURE__ */ __name(async () => {
    const scratch = await starting.catch(() => null);
    await scratch?.stop().catch(() => void 0);
  }, "stop");
  try {
    const decided = backupTest(database, environmentSettings(settings, request.environment));
    return await onCopy(settings, alembic, reach, request, {
      store,
      client,
      nonce,
      starting,
      backupTest: decided,
      warnings
    });
  } finally {
    await stop();
  }
}
__name(prepared, "prepared");
async function onCopy({ database }, alembic, reach, request, { starting, warnings, backupTest: backupTest2, ...programs }) {
  const lock = await step(
    "lock",
    () => takeLock(reach.inProcess, { run: request.run, wait: database.lockWait, lease: database.lease })
  );
  const context = {
    settings: database,
    environment: request.environment,
    run: request.run,
    reach,
    ...programs
  };
  return locked({ ...context, starting, backupTest: backupTest2 }, alembic, request, warnings, new RunSteps(request.run, lock));
}
__name(onCopy, "onCopy");
async function locked(context, alembic, request, warnings, steps) {
  const { run, environment, reach, store } = context;
  try {
    await recordRun(steps.lock.session, run, "migrate", environment, version);
    const result = {
      environment,
      database: reach.inProcess.database,
      run,
      from: [],
      target: [],
      pending: [],
      steps: steps.records,
      warnings,
      backup: null,
      store: store.described,
      rehearsed: null,
      setAside: null,
      lost: 0,
      outcome: { kind: "up-to-date" }
    };
    await underLock({
      ...context,
      alembic,
      request,
      version: { name: "alembic_version", schema: null },
      upgradeTo: "head",
      revisions: [],
      steps,
      result
    });
    alembic.unload(reach);
    await steps.note("end", "done", { outcome: result.outcome.kind, report: migrationDocument(result) });
    return result;
  } finally {
    await steps.lock.release();
  }
}
__name(locked, "locked");
async function underLock(migration) {
  const { result, steps } = migration;
  try {
    let inspection = await steps.take(
      "preflight",
      () => preflight(migration),
      ({ current }) => `at ${revisionName(current)}`
    );
    begin(migration, inspection);
    const earlier = await unfinishedRun(steps.lock.session);
    if (earlier !== null) {
      if (await finishEarlier(migration, earlier) === "over") return;
      if (inspection.version.foreign === true) begin(migration, inspection = await inspect(migration));
    }
    if (result.pending.length > 0) await forward(migration);
    if (result.outcome.kind === "up-to-date" || result.outcome.kind === "migrated") {
      await recordRevisions(steps.lock.session, migration.run, inspection.revisions);
    }
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    result.outcome = { kind: "refused", step: steps.failed, causes: error.causes };
  }
}
__name(underLock, "underLock");
function begin(migration, { revisions, current, ends, heads, pending }) {
  const { result } = migration;
  migration.revisions = revisions;
  result.from = current;
  result.target = ends;
  migration.upgradeTo = upgradeTarget(revisions, heads) ?? "head";
  result.pending = pending;
}
__name(begin, "begin");
async function forward(migration) {
  const { steps, settings, version: version2, alembic, reach } = migration;
  const serverVersion = (await askServer(steps.lock.session)).version;
  const broken = brokenBefore(
    await observe(askSession(steps.lock.session), { ...settings, protect: [], unchanged: {} }, version2)
  );
  if (broken.length > 0) await steps.take("invariants", () => Promise.reject(new StepRefused(broken)));
  alembic.load(reach);
  const { cleaned } = await backupAndRehearse(migration, await migration.starting, serverVersion);
  await Promise.all([cleaned, upgradeForReal(migration, cleaned)]);
}
__name(forward, "forward");
function nonces(run) {
  let count2 = 0;
  return () => `${run} ${count2 += 1}`;
}
__name(nonces, "nonces");

export {
  openStore,
  takeLock,
  otherSessions,
  endLeftOverMigrations,
  compareWithBackup,
  createDatabase,
  requireWritable,
  isMigrated,
  migrationFile,
  RunSteps,
  putInPlace,
  writtenSince,
  mayRestore,
  migrateSource,
  nonces
};
