import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  RunSteps,
  compareWithBackup,
  createDatabase,
  endLeftOverMigrations,
  isMigrated,
  mayRestore,
  migrateSource,
  migrationFile,
  nonces,
  openStore,
  otherSessions,
  putInPlace,
  requireWritable,
  takeLock,
  writtenSince
} from "./shared.core.database.alembic.models.mjs";
import {
  migrationScreen,
  revisionName
} from "./shared.core.database.migrate.screen.mjs";
import {
  planReport
} from "./shared.core.database.plan.html.mjs";
import {
  icon,
  markup,
  newReport,
  nothing,
  page,
  pre,
  tile,
  verdict
} from "./shared.core.presentation.html-markup.mjs";
import {
  askSession,
  clientFacts,
  clientPrograms,
  makePlan,
  observe,
  reachDatabase,
  recordEvent,
  recordRun,
  recordedReport,
  screenOf
} from "./shared.core.database.alembic.alembic-account.mjs";
import "./shared.core.qa.environment.mjs";
import "./shared.core.database.alembic.migration-tool.mjs";
import "./shared.core.shared.service-health.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import {
  withSession
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import "./shared.core.database.backup.backup-file.mjs";
import "./shared.core.shared.run-program.mjs";
import "./shared.core.app.python.caches.mjs";
import "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import {
  alignColumns,
  clip,
  fit,
  line,
  safe,
  screenColumns,
  screenLines
} from "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  bytes,
  count,
  duration,
  moment
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/backup/list-backups.ts
async function listSource(source, request, known) {
  const settings = known ?? await readSettings(source);
  environmentSettings(settings, request.environment);
  const { database } = settings;
  const reach = await reachDatabase(database, request.secrets, request.entryPoint);
  const store = await openStore(
    database,
    request.secrets,
    request.entryPoint,
    request.environment,
    reach.inProcess.database
  );
  const { backups: backups2, sizes, strays } = await store.contents(`${request.run} list`);
  const digests = request.check ? await store.digests(
    backups2.map(({ file }) => file),
    `${request.run} read`
  ) : [];
  return {
    environment: request.environment,
    store: store.described,
    backups: backups2.map((backup2, index) => ({
      ...backup2,
      state: stateOf(backup2, sizes.get(backup2.file), digests[index])
    })),
    strays
  };
}
__name(listSource, "listSource");
function stateOf(backup2, bytes2, sha256) {
  if (bytes2 === void 0 || sha256 === null) return "gone";
  if (bytes2 !== backup2.bytes) return "damaged";
  if (sha256 === void 0) return "not read";
  return sha256 === backup2.sha256 ? "whole" : "damaged";
}
__name(stateOf, "stateOf");
var SHOWN = {
  whole: "intact",
  damaged: "DAMAGED",
  gone: "MISSING",
  "not read": "not read"
};
function areBackupsWhole({ backups: backups2 }) {
  return backups2.every(({ state }) => state !== "damaged" && state !== "gone");
}
__name(areBackupsWhole, "areBackupsWhole");
function backupsScreen({ environment, store, backups: backups2, strays }, now) {
  const rows2 = backups2.map((backup2) => [
    safe(backup2.name),
    age((now.getTime() - Date.parse(backup2.createdAt)) / 1e3),
    `${(backup2.bytes / 1e6).toFixed(1)} MB`,
    SHOWN[backup2.state],
    backup2.tested ? "tested" : "never",
    backup2.sha256.slice(0, 8),
    backup2.encrypted ? "yes" : "no"
  ]);
  const table2 = alignColumns(
    [["backup", "age", "size", "file", "tested", "sha256", "encrypted"], ...rows2],
    ["left", "right", "right", "left", "left", "left", "left"]
  );
  const shown = table2.slice(0, screenLines - 7);
  const bad = backups2.filter(({ state }) => state === "damaged" || state === "gone").length;
  const untested = backups2.filter(({ tested }) => !tested).length;
  return `${[
    line(`Tollgate ${version} \xB7 backups \xB7 ${environment} \xB7 ${store}`),
    "",
    ...shown.map((row) => fit(row, screenColumns)),
    ...table2.length > shown.length ? [`and ${table2.length - shown.length} more`] : [],
    ...strays.length > 0 ? [
      line(
        `${count(strays.length, "file")} of unfinished backups: the next backup removes ${strays.length === 1 ? "it" : "them"}`
      )
    ] : [],
    "",
    bad > 0 ? `FAILED: ${bad} of ${count(backups2.length, "backup")} damaged or missing` : `${count(backups2.length, "backup")}${backups2.length === 0 ? ": nothing to restore from" : ", none known to be damaged"}${untested === 0 ? "" : `, ${untested} never restored`}`
  ].join("\n")}
`;
}
__name(backupsScreen, "backupsScreen");
function age(seconds) {
  return seconds < 86400 ? duration(Math.max(1, seconds)) : `${Math.floor(seconds / 86400)} d`;
}
__name(age, "age");

// core/database/migrate/recorded-migration.ts
async function recordedMigration(source, { environment, secrets, entryPoint, run }) {
  const settings = await readSettings(source);
  environmentSettings(settings, environment);
  const reach = await reachDatabase(settings.database, secrets, entryPoint);
  const found = await withSession(reach.inProcess, "tollgate migrate-report", (session) => recordedReport(session, run));
  if (found !== null) return migrationFile.parse(found);
  throw new TollgateError(
    "migration-unknown",
    run === "" ? "The database has no record of a finished migration." : "The database has no record of a finished migration with that id.",
    "Copy the id from the screen of the run. A run that an error stopped before its first change has no report. Nothing was changed."
  );
}
__name(recordedMigration, "recordedMigration");

// core/database/migrate/html.ts
function migrationHtml(run) {
  return page({
    title: `${run.verdict} \xB7 ${run.environment}`,
    header: verdict({
      line: run.verdict,
      passed: run.good,
      about: [
        ["environment", markup`${run.environment}`],
        ["database", markup`<code>${run.database}</code>`],
        ["run", markup`<code>${run.run}</code>`],
        ["ended", markup`${moment(run.madeAt)}`]
      ]
    }),
    main: markup`${tiles(run)}${why(run)}${steps(run)}${revisions(run)}${rows(run)}${backup(run)}`,
    footer: markup`Tollgate ${run.tollgate} recorded this run in the database, in the schema tollgate; migration.json beside this page has all of it.`
  });
}
__name(migrationHtml, "migrationHtml");
function tiles({ steps: taken, pending, rehearsal, lost }) {
  const whole = taken.reduce((sum, { seconds }) => sum + seconds, 0);
  return markup`<dl class="figures">${tile("revisions", String(pending.length), false)}${tile("all steps", duration(whole), false)}
${rehearsal === null ? tile("rehearsal", "none", false) : tile("rehearsed upgrade", duration(rehearsal.seconds), false, rehearsal.oneTransaction ? "one transaction" : "several transactions")}
${tile("rows not restored", String(lost), lost > 0)}</dl>`;
}
__name(tiles, "tiles");
function why({ failedStep, causes, undoCauses, takenBack, question, warnings }) {
  const notes = warnings.map(
    (warning) => markup`<p class="card warning"><strong>Warning:</strong> ${clip(warning, 2e3)}</p>`
  );
  if (causes.length + undoCauses.length === 0)
    return notes.length === 0 ? nothing : markup`<section id="why">${notes}</section>`;
  return markup`<section id="why"><h2>Why it failed</h2>${problem(`Step ${failedStep ?? ""}`, causes)}
${question === null ? nothing : problem("What a restore would lose: an operator must decide", [question])}
${undoCauses.length === 0 ? nothing : problem("Why it could not be undone", undoCauses)}
${takenBack === null ? nothing : markup`<p class="card">${icon("pass")} <strong>Undone.</strong> ${clip(takenBack, 2e3)}</p>`}${notes}</section>`;
}
__name(why, "why");
function problem(title, texts) {
  return markup`<article class="card problem"><h3>${icon("fail")} ${title}</h3><ul class="reasons">${texts.map((text) => markup`<li><p class="said">${clip(text, 4e3)}</p></li>`)}</ul></article>`;
}
__name(problem, "problem");
function steps({ steps: taken }) {
  return table(
    "Steps",
    ["step", "time", "result"],
    taken.map(({ name, status, seconds, note }) => [
      markup`${icon(status === "done" ? "pass" : "fail")} ${name}`,
      markup`${duration(seconds)}`,
      markup`${clip(note, 400)}`
    ])
  );
}
__name(steps, "steps");
function revisions({ from, pending }) {
  return table(
    `Revisions, from ${revisionName(from)}`,
    ["revision", "what it does", "file"],
    pending.map(({ revision, message, file }) => [
      markup`<code>${revision}</code>`,
      markup`${clip(message, 400)}`,
      markup`<code>${file}</code>`
    ])
  );
}
__name(revisions, "revisions");
function rows({ backup: kept, rehearsal }) {
  const after = rehearsal?.rows ?? {};
  return table(
    "Rows",
    ["table", kept?.tested === false ? "backed up" : "backed up and restored once", "after the rehearsed upgrade"],
    Object.entries(kept?.rows ?? {}).map(([name, number]) => [
      markup`<code>${name}</code>`,
      markup`${number}`,
      markup`${after[name] ?? "not protected"}`
    ])
  );
}
__name(rows, "rows");
function backup({ backup: kept, store, setAside, lost, rehearsal }) {
  const facts = [
    ...kept === null ? [markup`No backup was made.`] : [
      markup`The backup is <code>${kept.name}</code> in ${store}: ${bytes(kept.bytes)}, sha256 <code>${kept.sha256}</code>, ${kept.tested ? "restored once, every row counted" : "never restored"}${kept.encrypted ? ", encrypted" : ""}.`
    ],
    ...rehearsal === null ? [] : [markup`To undo it: ${rehearsal.wayBack}.`],
    ...setAside === null ? [] : [
      markup`The previous database is kept as <code>${setAside}</code>, with ${count(lost, "row")} that the restored one does not have.`
    ]
  ];
  return markup`<section id="backup"><h2>Backup</h2>${facts.map((fact) => markup`<p class="card">${fact}</p>`)}</section>`;
}
__name(backup, "backup");
function table(title, head, body) {
  if (body.length === 0) return nothing;
  return markup`<section><h2>${title}</h2><div class="card"><table><thead><tr>${head.map((name) => markup`<th>${name}</th>`)}</tr></thead>
<tbody>${body.map((cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></section>`;
}
__name(table, "table");

// core/database/migrate/report-folder.ts
function migrationReport(document) {
  return newReport().withNewFile("report.html", migrationHtml(document)).withNewFile("migration.json", `${JSON.stringify(document, null, 2)}
`).withNewFile("summary.md", `${pre(document.summary)}
`);
}
__name(migrationReport, "migrationReport");

// core/database/restore/restore-source.ts
async function restoreSource(source, request, known) {
  const whole = known ?? await readSettings(source);
  environmentSettings(whole, request.environment);
  const settings = whole.database;
  const reach = await reachDatabase(settings, request.secrets, request.entryPoint);
  const gone = await isGone(reach);
  const { run, environment } = request;
  const { database } = reach.inProcess;
  const store = await openStore(settings, request.secrets, request.entryPoint, environment, database);
  const client = await clientPrograms(settings);
  const nonce = nonces(run);
  const { backups: backups2 } = await store.contents(nonce());
  const backup2 = choose(backups2, request.backup, store.described);
  const { major } = await clientFacts(client, "/", nonce());
  requireNewEnough(major, settings.image, backup2);
  const context = { settings, environment, run, reach, store, client, nonce };
  if (gone) await step("create an empty database, because none has that name", () => createDatabase(context));
  const steps2 = new RunSteps(
    run,
    await step("lock", () => takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease }))
  );
  const result = { environment, database, run, backup: backup2, steps: steps2.records };
  try {
    const { session } = steps2.lock;
    await recordRun(session, run, "restore", environment, version);
    await endLeftOverMigrations(session);
    if (request.maintenance) {
      const others = await otherSessions(session);
      if (others.length > 0)
        return {
          ...result,
          outcome: {
            kind: "failed",
            causes: [
              `--maintenance was given, but other sessions are connected: ${others.map(({ name, user }) => name || user).join(", ")}`
            ]
          }
        };
    }
    const permit = /* @__PURE__ */ __name(async (on) => mayRestore(writtenSince(await compareWithBackup(on, backup2, [], backup2.versionTable.name)), {
      maintenance: request.maintenance,
      discard: request.discardWrites || gone
    }), "permit");
    const placed = await putInPlace({ context, steps: steps2, backup: backup2, identity: request.identity, permit, prefix: "" });
    if (placed.kind === "asks") return { ...result, outcome: placed };
    const { setAside, lost } = placed;
    await recordRun(steps2.lock.session, run, "restore", environment, version);
    const now = await steps2.take(
      "validate",
      () => observe(askSession(steps2.lock.session), settings, backup2.versionTable),
      ({ revision }) => `at ${revisionName(backup2.versionTable.foreign === true ? backup2.revision : revision)}`
    );
    const broken = Object.entries(now.broken).filter(([, rows2]) => rows2 !== 0).map(([name]) => `the invariant ${name} is broken in the restored database`);
    if (backup2.versionTable.foreign !== true && now.revision.join() !== backup2.revision.join())
      broken.push(`the revision is ${revisionName(now.revision)}, the backup was at ${revisionName(backup2.revision)}`);
    await recordEvent(steps2.lock.session, run, {
      step: "end",
      status: "done",
      detail: { backup: backup2.name, setAside, lost }
    });
    if (broken.length > 0)
      return {
        ...result,
        outcome: { kind: "failed", causes: [...broken, `the previous database is kept as ${setAside}`] }
      };
    return { ...result, outcome: { kind: "restored", setAside, lost } };
  } finally {
    await steps2.lock.release();
  }
}
__name(restoreSource, "restoreSource");
async function isGone(reach) {
  try {
    await requireWritable(reach);
    return false;
  } catch (error) {
    if (error instanceof TollgateError && error.code === "database-unknown") return true;
    throw error;
  }
}
__name(isGone, "isGone");
function requireNewEnough(major, image, { name, serverVersion }) {
  if (major >= Number.parseInt(serverVersion, 10)) return;
  throw new TollgateError(
    "client-programs",
    `${name} is from Postgres ${serverVersion}, and the programs of ${image} are version ${major}: an older pg_restore cannot restore it.`,
    `Set database.image to postgres:${Number.parseInt(serverVersion, 10)} or newer. Nothing was changed.`
  );
}
__name(requireNewEnough, "requireNewEnough");
function choose(backups2, name, store) {
  const found = name === "" ? backups2.find(({ tested }) => tested) : backups2.find((backup2) => backup2.name === name);
  if (found !== void 0) return found;
  const known = backups2.slice(0, 10).map((backup2) => `  ${backup2.name}`);
  throw new TollgateError(
    "backup-unknown",
    name === "" ? `There is no tested backup in ${store}.` : `There is no backup ${name} in ${store}.`,
    known.length === 0 ? "Check database.backup.to and --env: there is no backup at all. Nothing was changed." : `Choose one with --backup:
${known.join("\n")}
Nothing was changed.`
  );
}
__name(choose, "choose");
function isRestored({ outcome }) {
  return outcome.kind === "restored";
}
__name(isRestored, "isRestored");
function restoreScreen({ environment, database, run, backup: backup2, steps: steps2, outcome }) {
  const rows2 = steps2.map(({ name, status, seconds, note }) => [
    name,
    status === "done" ? duration(seconds) : "FAILED",
    note
  ]);
  const said = /* @__PURE__ */ __name(() => {
    switch (outcome.kind) {
      case "restored":
        return [
          line(
            `previous database: kept as ${outcome.setAside}, with ${count(outcome.lost, "row")} that the restored one does not have`
          ),
          "",
          line(`RESTORED: ${database} from ${backup2.name}`)
        ];
      case "asks":
        return [
          line(`Restoring would lose rows: ${outcome.question}`),
          "Pass --discard-writes to restore anyway. The rows stay in the previous database, which is kept under another name.",
          "",
          "FAILED: nothing was changed"
        ];
      case "failed":
        return [...outcome.causes.map((cause) => line(cause)), "", "FAILED: the restore failed"];
    }
  }, "said");
  return `${[
    line(`Tollgate ${version} \xB7 restore \xB7 ${environment} \xB7 database ${database} \xB7 run ${run}`),
    line(`backup ${backup2.name}, ${backup2.tested ? "" : "never restored before, "}at ${revisionName(backup2.revision)}`),
    "",
    ...alignColumns(rows2, ["left", "right", "left"]).map((row) => fit(row, screenColumns)),
    "",
    ...said()
  ].join("\n")}
`;
}
__name(restoreScreen, "restoreScreen");

// core/module/database.ts
async function migrationPlan(source, asked) {
  const plan = await planned(source, asked);
  const running = asked.runningSource === void 0 ? "" : " --running-source=\u2026";
  const text = screenOf(plan, {
    report: `dagger call migration-plan-report --env=${asked.env} --secrets=\u2026${running} export --path=tollgate-report/migration-plan`
  });
  return requirePassed("migration-plan", plan.verdict.kind !== "red", text);
}
__name(migrationPlan, "migrationPlan");
async function migrationPlanReport(source, asked) {
  return planReport(await planned(source, asked));
}
__name(migrationPlanReport, "migrationPlanReport");
async function migrate(source, { env, secrets, maintenance, identity }) {
  const result = await migrateSource(source, {
    environment: env,
    secrets,
    entryPoint: "module",
    maintenance,
    identity,
    run: runId(/* @__PURE__ */ new Date())
  });
  const report = `dagger call migrate-report --env=${env} --secrets=\u2026 --run=${result.run} export --path=tollgate-report/migrate`;
  return requirePassed("migrate", isMigrated(result), migrationScreen(result, { report }));
}
__name(migrate, "migrate");
async function migrateReport(source, { env, secrets, run }) {
  return migrationReport(await recordedMigration(source, { environment: env, secrets, entryPoint: "module", run }));
}
__name(migrateReport, "migrateReport");
async function restore(source, { env, ...asked }) {
  const result = await restoreSource(source, {
    ...asked,
    environment: env,
    entryPoint: "module",
    run: runId(/* @__PURE__ */ new Date())
  });
  return requirePassed("restore", isRestored(result), restoreScreen(result));
}
__name(restore, "restore");
async function backups(source, { env, secrets, check }) {
  const now = /* @__PURE__ */ new Date();
  const list = await listSource(source, { environment: env, secrets, entryPoint: "module", check, run: runId(now) });
  return requirePassed("backups", areBackupsWhole(list), backupsScreen(list, now));
}
__name(backups, "backups");
function planned(source, { env, secrets, runningSource }) {
  return makePlan(source, { environment: env, secrets, runningSource, entryPoint: "module" });
}
__name(planned, "planned");
export {
  backups,
  migrate,
  migrateReport,
  migrationPlan,
  migrationPlanReport,
  restore
};
