import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  foundationOf,
  imageGate,
  openMigrations,
  requireSameBytes,
  runGate
} from "./shared.core.release.deploy.gate-works.mjs";
import {
  boundSettings,
  configDigest,
  isVersion,
  redactedError
} from "./shared.core.environment.digest.mjs";
import {
  currentHead
} from "./shared.core.ledger.verify-heads.mjs";
import "./shared.core.release.migrations.release-migrations.mjs";
import {
  serviceVariables
} from "./shared.core.release.session.values.mjs";
import {
  configChanges,
  makePlan,
  planFileEvent,
  plannedEvent
} from "./shared.core.release.plan.make.mjs";
import {
  judgePolicy,
  readPolicyHistory
} from "./shared.core.release.policy.difference.mjs";
import {
  ledgerAway
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  asksForSomething,
  differentParts
} from "./shared.core.release.approval.approval.mjs";
import {
  digestsOf,
  planSchema
} from "./shared.core.release.plan.plan-id.mjs";
import {
  changeTexts,
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace
} from "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.image.inspect.mjs";
import "./shared.core.qa.service-failure.mjs";
import "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.secret-text.mjs";
import "./shared.core.image.service.mjs";
import "./shared.core.app.busybox.mjs";
import "./shared.core.image.build-secrets.mjs";
import "./shared.core.image.stamp.mjs";
import "./shared.core.database.alembic.migration-tool.mjs";
import "./shared.core.shared.service-health.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import "./shared.core.gate.failed.mjs";
import "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import {
  deployGates
} from "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.secrets.dotenv.mjs";
import "./shared.core.app.python.caches.mjs";
import "./shared.core.database.connect.address.mjs";
import {
  redactor
} from "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import "./shared.core.image.publish-failure.mjs";
import "./shared.core.config.service-variables.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ledger/expected.ts
var MOST_RELEASES = 20;
function expectedDuration(releases) {
  const times = releases.filter(({ action, outcome, seconds }) => action === "deploy" && outcome === "live" && seconds !== null).slice(0, MOST_RELEASES).map(({ seconds }) => seconds ?? 0).sort((one, other) => one - other);
  const middle = times.length >> 1;
  const high = times[middle];
  if (high === void 0) return null;
  const low = times.length % 2 === 0 ? times[middle - 1] ?? high : high;
  return { seconds: (low + high) / 2, releases: times.length };
}
__name(expectedDuration, "expectedDuration");

// core/release/plan/gather.ts
var LOOKS_BACK = 20;
async function gatherPlan(settings, request, entryPoint, commits) {
  const { environment, version } = request;
  if (!isVersion(version))
    throw new TollgateError(
      "version-form",
      "--version is not a valid image tag.",
      "Use letters, digits and . _ -, at most 128, not starting with . or -. Nothing was changed."
    );
  const { approvals } = environmentSettings(settings, environment);
  const need = approvals.required > 0 || asksForSomething(settings, environment) ? "required" : "wanted";
  const redact = redactor(request.secrets === null ? [] : [...readDotenv(await request.secrets()).values.values()]);
  const place = await openPlace(settings, environment, entryPoint, request.access, request.sandbox);
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, request.ledger, need, redact);
    try {
      const ledger = opened?.ledger ?? null;
      const online = ledger?.state.kind === "online" ? ledger : null;
      if (online !== null) judgePolicy(settings, environment, await readPolicyHistory(online, environment));
      const plan = changeTexts(planSchema, await gather(settings, request, entryPoint, commits, place, online), {
        free: redact,
        identifier: /* @__PURE__ */ __name((text) => text, "identifier")
      });
      const { service } = plan;
      const context = {
        service,
        environment,
        release: null,
        run: runId(/* @__PURE__ */ new Date()),
        token: null,
        who: request.caller.who
      };
      const file = planFileEvent(plan);
      if (file !== null) await ledger?.record(context, file);
      await ledger?.record(context, plannedEvent(plan, request.stamp.revision));
      if (need === "required") requireRecorded(ledger);
      return plan;
    } finally {
      await opened?.close();
    }
  } catch (error) {
    throw redactedError(error, redact);
  } finally {
    await place.target.close();
  }
}
__name(gatherPlan, "gatherPlan");
async function gather(settings, request, entryPoint, commits, place, ledger) {
  const { environment, version, stamp } = request;
  const { gates } = environmentSettings(settings, environment);
  const always = deployGates.filter(({ deploy }) => deploy.setting === null);
  for (const { name } of always) await runGate(name, request, settings);
  const values = await serviceVariables(settings, environment, place.variables, request.secrets);
  const digest = configDigest(environment, values);
  const { image } = await imageGate(request, settings, place, serviceName(settings.release.name, settings.image.name));
  const { judged, source: built, digest: published } = image;
  requireSameBytes({ gates: [], built, judged, published });
  const { pending, known, checks } = await readMigrations(settings, request, place, entryPoint);
  const { live } = await place.target.running();
  const now = live.kind === "live" ? live.instance : null;
  const releases = ledger === null ? [] : await ledger.releases(environment, LOOKS_BACK);
  const record = now === null ? void 0 : releases.find(({ id }) => id === now.release);
  const variable = settings.release.version?.variable;
  const before = now === null ? null : {
    names: record?.configNames.filter((name) => name !== variable) ?? [...values.keys()],
    digest: now.configDigest
  };
  const { service, source } = await foundationOf(settings, request);
  const bound = boundSettings(settings, environment);
  return makePlan({
    service,
    environment,
    releaseVersion: version,
    source,
    image: {
      now: now === null ? null : { reference: now.image, digest: now.digest },
      next: { reference: image.reference, digest: image.digest }
    },
    commits: commits(record?.revision ?? now?.revision ?? null, stamp.revision, live.kind === "none"),
    migrations: pending,
    migrationsKnown: known,
    commands: settings.release.before,
    config: configChanges(before, { names: [...values.keys()], digest }),
    settings: bound,
    settingsChanged: ledger === null ? null : await changedParts(ledger, environment, record?.planId, bound),
    checks: [
      { name: "policy", what: "the one in force, or none where the environment asks for nothing" },
      ...always.map(({ name, deploy }) => ({ name, what: deploy.check })),
      ...gates.map((name) => ({ name, what: checkOf(name) })),
      ...checks,
      { name: "image", what: "built, judged and published" },
      { name: "target", what: "reachable, enough disk space, correct clock" },
      ...Object.keys(settings.release.smoke).map((name) => ({
        name: `smoke ${name}`,
        what: "sent to the new release before it gets traffic"
      }))
    ],
    expected: expectedDuration(releases),
    createdAt: (/* @__PURE__ */ new Date()).toISOString(),
    // of no use where the ledger is on the target itself
    ...ledger === null || request.ledger === null ? {} : { ledgerHead: await headNow(ledger) }
  });
}
__name(gather, "gather");
async function headNow(ledger) {
  const { number, hash } = await currentHead(ledger);
  return `${number}:${hash}`;
}
__name(headNow, "headNow");
function requireRecorded(ledger) {
  const away = ledgerAway(ledger);
  if (away === null && ledger !== null) return;
  throw new TollgateError(
    "plan-not-recorded",
    `The plan could not be recorded: ${away ?? "there is no ledger"}`,
    "Check --ledger and plan again: approvals count only for a plan that the ledger has. Nothing was changed."
  );
}
__name(requireRecorded, "requireRecorded");
async function changedParts(ledger, environment, planId, bound) {
  if (planId == null) return null;
  const planned = await ledger.eventsOfKind(environment, "planned");
  const live = planned.find(({ what }) => what.kind === "planned" && what.planId === planId);
  return live?.what.kind === "planned" ? differentParts(live.what.settings, digestsOf(bound)) : null;
}
__name(changedParts, "changedParts");
async function readMigrations(settings, request, place, entryPoint) {
  const migrations = await openMigrations(settings, request, place, entryPoint);
  try {
    return { pending: await migrations.pending(), known: migrations.known, checks: [...migrations.checks] };
  } finally {
    await migrations.close();
  }
}
__name(readMigrations, "readMigrations");
function checkOf(setting) {
  return deployGates.find(({ deploy }) => deploy.setting === setting)?.deploy.check ?? "";
}
__name(checkOf, "checkOf");
export {
  gatherPlan
};
