import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  accessBy
} from "./shared.core.module.access.mjs";
import {
  moduleEntryPoint
} from "./shared.core.ledger.journal-volume.mjs";
import {
  stampOf
} from "./shared.core.image.stamp.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import {
  readSettings,
  takeSource
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
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import {
  alignColumns,
  fit,
  line,
  roomForCauses,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  duration,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/deploy/screen.ts
function releaseScreen(result) {
  const { action, service, environment, target, release } = result;
  const head = [
    line(
      `Tollgate ${version} \xB7 ${action} \xB7 ${service} \xB7 ${environment}${target === environment ? "" : ` (${target})`} \xB7 release ${release}`
    ),
    ""
  ];
  const rows = result.steps.map(({ name, outcome, seconds, note }) => [
    safe(name),
    outcome === "failed" ? "FAILED" : outcome,
    duration(seconds),
    safe(note)
  ]);
  const table = alignColumns(rows, ["left", "left", "right", "left"]).map((row) => fit(row, screenColumns));
  const foot = [
    ...result.ledgerHead === null ? [] : [line(`ledger head ${result.ledgerHead}`)],
    ...result.warnings.flatMap((warning) => wrapWords(safe(`warning: ${warning}`), screenColumns)),
    ...wrapWords(safe(result.next), screenColumns),
    verdict(result)
  ];
  const room = screenLines - head.length - table.length - foot.length - 2;
  const causes = result.causes.flatMap(
    (cause, index) => cause.split("\n").filter((text) => text.trim() !== "").flatMap(
      (text, at) => wrapWords(safe(at === 0 ? `cause ${index + 1}: ${text}` : text), screenColumns - 2).map(
        (row, part) => part === 0 ? row : `  ${row}`
      )
    )
  );
  const printed = result.printed.length === 0 ? [] : ["last log lines:", ...result.printed.map((text) => line(`  ${text}`))];
  const body = [...upTo(roomForCauses(room - Math.min(printed.length, 6)), causes), ...printed].slice(
    0,
    roomForCauses(room)
  );
  return `${[...head, ...table, ...body.length === 0 ? [] : ["", ...body], "", ...foot].join("\n")}
`;
}
__name(releaseScreen, "releaseScreen");
function upTo(room, lines) {
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `  and ${lines.length - room + 1} more lines; --json prints all of them`];
}
__name(upTo, "upTo");
function verdict({
  outcome,
  action,
  environment,
  service,
  version: wanted,
  release,
  digest,
  serving,
  seconds,
  waiting,
  planId
}) {
  const image = digest === "" ? "" : ` (${shortDigest(digest)})`;
  const now = serving === null ? "nothing is serving" : `${serving.version} (${shortDigest(serving.digest)}) is serving`;
  if (waiting)
    return safe(
      `WAITING: ${wanted} needs approvals of plan ${planId ?? ""} for ${environment}; ${serving === null ? "nothing has been deployed there" : now}`
    );
  switch (outcome) {
    case "live":
      return line(
        `${action === "rollback" ? "ROLLED BACK" : "LIVE"}: ${service} ${wanted}${image} is serving in ${environment}, after ${duration(seconds)}`
      );
    case "refused":
      return line(
        `FAILED: nothing was changed in ${environment}; ${serving === null ? "nothing has been deployed there" : now}`
      );
    case "failed":
      return line(
        action === "rollback" ? `FAILED: ${environment} was not rolled back to ${wanted}; ${now}` : `FAILED: ${wanted} was not deployed to ${environment}; ${serving === null ? "nothing has been deployed there" : now}`
      );
    case "rolled-back":
      return line(`ROLLED BACK: ${wanted} failed in ${environment}; ${now}`);
    case "interrupted":
      return line(`INTERRUPTED: this run no longer holds ${environment}; it left release ${release} as it is`);
    case "broken":
      return line(
        serving?.release === release ? `BROKEN: ${environment}: ${now}, although it did not pass; there is no earlier release` : `BROKEN: ${environment}: ${now}`
      );
  }
}
__name(verdict, "verdict");

// core/release/session/default-version.ts
var COMMIT = 12;
var DIGEST = 12;
var DIFFERENCE = 8;
var DIRTY = /-dirty$/;
async function defaultVersion({ revision }, source) {
  return await versionOf(revision, async () => (await takeSource(source)).root.digest());
}
__name(defaultVersion, "defaultVersion");
async function versionOf(revision, digest) {
  const commit = revision.replace(DIRTY, "");
  if (!/^[0-9a-f]{7,64}$/i.test(commit)) return `source-${hex(await digest(), DIGEST)}`;
  const short = commit.slice(0, COMMIT);
  return commit === revision ? short : `${short}-dirty-${hex(await digest(), DIFFERENCE)}`;
}
__name(versionOf, "versionOf");
function hex(digest, length) {
  return digest.slice(digest.indexOf(":") + 1).slice(0, length);
}
__name(hex, "hex");

// core/module/release.ts
async function textOf(secret) {
  return secret === void 0 ? null : await secret.plaintext();
}
__name(textOf, "textOf");
function valuesOf({ secrets }) {
  return secrets === void 0 ? null : () => secrets.plaintext();
}
__name(valuesOf, "valuesOf");
function callerOf(who) {
  return { who: who === "" ? "dagger call" : who, owner: "dagger call" };
}
__name(callerOf, "callerOf");
async function requestOf(source, settings, given) {
  const {
    env,
    version: version2,
    who,
    reason,
    approval,
    breakGlass,
    at,
    gateSecrets,
    identity,
    registryUser,
    registryPassword,
    registryService,
    revision,
    created,
    sourceUrl,
    runningSource
  } = given;
  environmentSettings(settings, env);
  const user = registryUser === "" ? settings.image.registry.user ?? "" : registryUser;
  const login = registryPassword === void 0 ? null : { user, password: /* @__PURE__ */ __name(async () => (await registryPassword.plaintext()).trim(), "password") };
  const stamp = stampOf(revision, created, sourceUrl);
  return {
    source,
    environment: env,
    version: version2 === "" ? await defaultVersion(stamp, source) : version2,
    caller: callerOf(who),
    why: reason,
    stamp,
    sourceOf: /* @__PURE__ */ __name(() => Promise.resolve(runningSource ?? null), "sourceOf"),
    secrets: valuesOf(given),
    access: accessBy(given, login),
    ledger: await textOf(given.ledger),
    notify: await textOf(given.notify),
    approvals: await Promise.all((approval ?? []).map((file) => file.contents())),
    breakGlass: breakGlass === "" ? null : breakGlass,
    at,
    gateSecrets,
    identity,
    registry: { user: registryUser, password: registryPassword, service: registryService }
  };
}
__name(requestOf, "requestOf");
async function deploy(source, given) {
  const settings = await readSettings(source);
  const release = await import("./core.release.deploy.deploy.mjs");
  const result = await release.deploy(settings, await requestOf(source, settings, given), moduleEntryPoint);
  const text = releaseScreen(result);
  if (result.outcome !== "live") throw new GateFailed("deploy", text, result.waiting ? "waiting" : "failed");
  return text;
}
__name(deploy, "deploy");
async function plan(source, given) {
  const settings = await readSettings(source);
  const [{ dag }, { gatherPlan }] = await Promise.all([
    import("../sdk/index.ts"),
    import("./core.release.plan.gather.mjs")
  ]);
  const unknown = /* @__PURE__ */ __name(() => ({
    kind: "unknown",
    why: "the module's source has no Git history; use the command line"
  }), "unknown");
  const request = await requestOf(source, settings, { ...given, who: "", reason: "", breakGlass: "", at: "" });
  const made = await gatherPlan(settings, request, moduleEntryPoint, unknown);
  const { planScreen } = await import("./core.release.plan.screen.mjs");
  process.stderr.write(planScreen(made, environmentSettings(settings, made.environment).approvals));
  return dag.directory().withNewFile("plan.json", `${JSON.stringify(made, null, 2)}
`).file("plan.json");
}
__name(plan, "plan");
async function rollback(source, given) {
  const settings = await readSettings(source);
  const release = await import("./core.release.rollback.rollback.mjs");
  const request = {
    environment: given.env,
    to: given.to,
    why: given.reason,
    caller: callerOf(given.who),
    access: accessBy(given),
    ledger: await textOf(given.ledger),
    notify: await textOf(given.notify),
    secrets: valuesOf(given)
  };
  const result = await release.rollback(settings, request, moduleEntryPoint);
  const text = releaseScreen(result);
  if (result.outcome !== "live") throw new GateFailed("rollback", text);
  return text;
}
__name(rollback, "rollback");
async function monitor(source, given) {
  const settings = await readSettings(source);
  const [{ monitorEnvironment }, { monitorScreen }] = await Promise.all([
    import("./core.release.monitor.monitor.mjs"),
    import("./core.release.monitor.screen.mjs")
  ]);
  const run = await monitorEnvironment(
    settings,
    {
      environment: given.env,
      window: given.window === 0 ? null : given.window,
      access: accessBy(given),
      secrets: valuesOf(given)
    },
    moduleEntryPoint
  );
  const text = monitorScreen(run);
  if (run.result.kind === "failed" || run.result.kind === "inconclusive" && settings.release.monitor.inconclusive === "roll-back")
    throw new GateFailed("monitor", text);
  return text;
}
__name(monitor, "monitor");
async function logs(source, given) {
  const settings = await readSettings(source);
  const { readLogs } = await import("./core.release.logs.read.mjs");
  const { env: environment, release, since, lines } = given;
  if (!Number.isInteger(lines) || lines < 1)
    throw new TollgateError("lines-form", "--lines is not a whole number above 0.", "Write --lines=200.");
  const printed = [];
  await readLogs(
    settings,
    { environment, release, since, lines, follow: false, access: accessBy(given), secrets: valuesOf(given) },
    moduleEntryPoint,
    (line2) => printed.push(line2)
  );
  return printed.map((line2) => `${line2}
`).join("");
}
__name(logs, "logs");
async function status(source, given) {
  const settings = await readSettings(source);
  const target = given.env === "" ? null : environmentSettings(settings, given.env).target;
  if (target === null || target.kind === "none") {
    if (given.ledger === void 0)
      throw new TollgateError(
        "status-of-what",
        "Neither --env nor --ledger is set.",
        "Pass --env to show what is running there, or --ledger to list all environments."
      );
    const { showStatus } = await import("./core.module.ledger.mjs");
    return showStatus(source, given.env, given.ledger);
  }
  const [{ readStatus }, { targetScreen }] = await Promise.all([
    import("./core.release.status.status.mjs"),
    import("./core.release.status.screen.mjs")
  ]);
  return targetScreen(
    await readStatus(
      settings,
      { environment: given.env, access: accessBy(given), ledger: await textOf(given.ledger) },
      moduleEntryPoint
    )
  );
}
__name(status, "status");
async function maintenance(source, given) {
  if (given.state !== "on" && given.state !== "off")
    throw new TollgateError(
      "maintenance-state",
      "--state must be on or off.",
      "Write --state=on or --state=off. Nothing was changed."
    );
  const settings = await readSettings(source);
  const { setMaintenance } = await import("./core.release.maintenance.maintenance.mjs");
  return setMaintenance(
    settings,
    {
      environment: given.env,
      on: given.state === "on",
      message: given.message,
      who: callerOf(given.who).who,
      access: accessBy(given),
      ledger: await textOf(given.ledger)
    },
    moduleEntryPoint
  );
}
__name(maintenance, "maintenance");
export {
  deploy,
  logs,
  maintenance,
  monitor,
  plan,
  rollback,
  status
};
