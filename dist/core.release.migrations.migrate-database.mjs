import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  migrationFailed
} from "./shared.core.release.migrations.migration-failed.mjs";
import {
  runCommands
} from "./shared.core.release.migrations.release-migrations.mjs";
import {
  serviceVariables
} from "./shared.core.release.session.values.mjs";
import {
  isMigrated,
  migrateSource,
  openStore
} from "./shared.core.database.alembic.models.mjs";
import {
  verdict
} from "./shared.core.database.migrate.screen.mjs";
import {
  forwardTo
} from "./shared.core.release.session.relay.mjs";
import {
  makePlan,
  modeName,
  reachDatabase,
  screenOf,
  tableName2 as tableName
} from "./shared.core.database.alembic.alembic-account.mjs";
import "./shared.core.qa.environment.mjs";
import "./shared.core.database.alembic.migration-tool.mjs";
import "./shared.core.shared.service-health.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.database.backup.backup-file.mjs";
import "./shared.core.shared.run-program.mjs";
import "./shared.core.app.python.caches.mjs";
import {
  parseAddress,
  rewriteUrl
} from "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/migrations/migrate-database.ts
import { randomUUID } from "node:crypto";
import { dag } from "../sdk/index.ts";

// core/release/session/dotenv-text.ts
function dotenvText(entries) {
  return entries.map(([name, value]) => `${name}=${quoted(name, value)}
`).join("");
}
__name(dotenvText, "dotenvText");
function quoted(name, value) {
  const quote = ["'", "`"].find((one) => !value.includes(one));
  if (quote === void 0 || value.includes("\r"))
    throw new TollgateError(
      "dotenv-form",
      `The value of ${name} cannot be written in dotenv form.`,
      "The value contains a carriage return, or both ' and `. Change it."
    );
  return `${quote}${value}${quote}`;
}
__name(quoted, "quoted");

// core/release/migrations/migration-detail.ts
function migrationDetail(result) {
  const { run, database, from, target, steps, backup, rehearsed, warnings } = result;
  return {
    run,
    database,
    from,
    to: target,
    steps: steps.map(({ name, status, seconds, note }) => ({ name, status, seconds, note })),
    backup: backup === null ? null : {
      name: backup.name,
      sha256: backup.sha256,
      bytes: backup.bytes,
      encrypted: backup.encrypted,
      tested: backup.tested
    },
    rehearsal: rehearsed === null ? null : { seconds: rehearsed.seconds, downgrade: rehearsed.downgrade.kind },
    warnings
  };
}
__name(migrationDetail, "migrationDetail");

// core/release/migrations/planned-migrations.ts
var LONGEST = 65536;
function plannedMigrations({
  revisions,
  findings
}) {
  const counted = /* @__PURE__ */ __name((revision, severity) => findings.filter((one) => one.revision === revision && one.severity === severity && one.accepted === null).length, "counted");
  const length = revisions.flatMap(({ statements }) => statements).reduce((sum, { text }) => sum + text.length, 0);
  return revisions.map(({ revision, file, contract, statements }) => ({
    id: revision,
    path: file,
    lint: { errors: counted(revision, "error"), warnings: counted(revision, "warning") },
    contracts: contract,
    ...length > LONGEST ? {} : { statements: statements.map(plannedStatement) }
  }));
}
__name(plannedMigrations, "plannedMigrations");
function plannedStatement({ text, locks, locksUnknown }) {
  return {
    sql: text,
    locks: locks.map((lock) => `${modeName(lock.mode)} on ${tableName(lock)}`),
    locksKnown: !locksUnknown
  };
}
__name(plannedStatement, "plannedStatement");

// core/release/migrations/migrate-database.ts
async function databaseMigrations(settings, request, place, entryPoint) {
  const { bundle, close } = place.postgres === null ? { bundle: await bundleOf(request), close: /* @__PURE__ */ __name(() => Promise.resolve(), "close") } : await throughSandbox(settings, request, place, entryPoint);
  const { source, environment } = request;
  let plan = null;
  const planOnce = /* @__PURE__ */ __name(() => plan ??= runningSource(request, place).then(
    (running) => makePlan(source, { environment, secrets: bundle, runningSource: running, entryPoint: entryPoint.kind })
  ), "planOnce");
  const pending = /* @__PURE__ */ __name(async () => {
    const made = await planOnce();
    if (made.verdict.kind === "red" && made.verdict.errors.some(({ revision }) => !made.revisions.some((one) => one.revision === revision)))
      throw red(made);
    return plannedMigrations(made);
  }, "pending");
  return {
    known: true,
    checks: [
      {
        name: "migrations",
        what: "pending revisions, run on an empty copy of the schema: compatible with both versions"
      },
      {
        name: "backup",
        what: "the backup storage is readable; the backup itself is made before the migration starts"
      }
    ],
    pending,
    judge: /* @__PURE__ */ __name(async () => {
      const made = await planOnce();
      if (made.verdict.kind === "red") throw red(made);
      if (made.verdict.kind === "nothing-to-do")
        return { kind: "done", note: `${made.database.name} is at the newest revision` };
      const warnings = made.findings.filter(
        ({ severity, accepted }) => severity === "warning" && accepted === null
      ).length;
      return {
        kind: "done",
        note: `${count(made.revisions.length, "revision")} pending: no error, ${count(warnings, "warning")}${made.running.kind === "known" ? "" : "; the running version's use of the database is unknown"}`,
        detail: { digest: made.digest }
      };
    }, "judge"),
    backup: /* @__PURE__ */ __name(async () => {
      if ((await pending()).length === 0) return { kind: "skipped", note: "nothing is pending" };
      const { inProcess } = await reachDatabase(settings.database, bundle, entryPoint.kind);
      const store = await openStore(settings.database, bundle, entryPoint.kind, environment, inProcess.database);
      await store.contents(randomUUID());
      return {
        kind: "done",
        note: `${store.described} is readable; the backup is made under the migration's lock`
      };
    }, "backup"),
    migrate: /* @__PURE__ */ __name(async (release) => {
      const result = await migrateSource(
        source,
        {
          environment,
          secrets: bundle,
          entryPoint: entryPoint.kind,
          maintenance: false,
          identity: request.identity,
          run: runId(/* @__PURE__ */ new Date())
        },
        settings
      );
      if (!isMigrated(result)) throw migrationFailed(result);
      const ran = await runCommands(place.target, settings, release);
      const backup = result.backup === null ? "" : `; backup ${result.backup.name}${result.backup.tested ? "" : ", never restored"}`;
      return {
        kind: "done",
        note: `${verdict(result)}${backup}${ran === null ? "" : `; ${ran}`}`,
        detail: migrationDetail(result)
      };
    }, "migrate"),
    close
  };
}
__name(databaseMigrations, "databaseMigrations");
async function runningSource({ sourceOf }, { target }) {
  const { live } = await target.running();
  const revision = live.kind === "live" ? live.instance.revision : null;
  if (revision === null || revision.endsWith("-dirty")) return void 0;
  return await sourceOf?.(revision) ?? void 0;
}
__name(runningSource, "runningSource");
function red(plan) {
  return new GateFailed(
    "migration-plan",
    screenOf(plan, { report: "`tollgate migration-plan` writes the full report" })
  );
}
__name(red, "red");
async function bundleOf({ secrets, gateSecrets }, more = "") {
  const texts = [
    gateSecrets === void 0 ? "" : await gateSecrets.plaintext(),
    secrets === null ? "" : await secrets(),
    more
  ];
  return dag.setSecret(`tollgate-release-${randomUUID()}`, texts.join("\n"));
}
__name(bundleOf, "bundleOf");
async function throughSandbox(settings, request, place, entryPoint) {
  if (entryPoint.kind === "module")
    throw new TollgateError(
      "migrations-entry-point",
      "A function of the module cannot reach the sandbox's Postgres.",
      `Use the command line (npx tollgate deploy \u2026), or set environments.${request.environment}.migrations to commands. Nothing was changed.`
    );
  const { url, secrets: names } = settings.database;
  const values = await serviceVariables(settings, request.environment, place.variables, request.secrets);
  const written = values.get(url);
  if (written === void 0)
    throw new TollgateError(
      "secrets-missing",
      `The sandbox has no ${url}.`,
      "Correct database.url in tollgate.yaml. Nothing was changed."
    );
  const address = parseAddress(written, url);
  const forward = await forwardTo(place.target, address.host, address.port);
  const known = names.flatMap((name) => values.has(name) ? [[name, values.get(name) ?? ""]] : []);
  const local = rewriteUrl(written, { host: "127.0.0.1", port: forward.port });
  return { bundle: await bundleOf(request, dotenvText([...known, [url, local]])), close: /* @__PURE__ */ __name(() => forward.close(), "close") };
}
__name(throughSandbox, "throughSandbox");
export {
  databaseMigrations
};
