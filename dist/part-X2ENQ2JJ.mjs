import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  foundationOf,
  imageGate,
  openMigrations,
  requireSameBytes,
  runGate
} from "./part-AWACH7WE.mjs";
import {
  boundSettings,
  configDigest,
  isVersion,
  redactedError
} from "./part-6BBYV56D.mjs";
import {
  currentHead
} from "./part-WMEOIWJU.mjs";
import "./part-EFKVTBND.mjs";
import {
  serviceVariables
} from "./part-DQ6NYRMQ.mjs";
import {
  configChanges,
  makePlan,
  planFileEvent,
  plannedEvent
} from "./part-U662VL7D.mjs";
import {
  judgePolicy,
  readPolicyHistory
} from "./part-VL2EDQXL.mjs";
import {
  ledgerAway
} from "./part-5VAK26KR.mjs";
import {
  asksForSomething,
  differentParts
} from "./part-UAHOPHDN.mjs";
import {
  digestsOf,
  planSchema
} from "./part-3GAKWV5B.mjs";
import {
  changeTexts,
  openReleaseLedger
} from "./part-NRNBA6MD.mjs";
import {
  openPlace
} from "./part-CSTEAKS5.mjs";
import "./part-CDBOZJWY.mjs";
import "./part-TCZELM4W.mjs";
import "./part-TG2ENZAX.mjs";
import "./part-QXXAF6ZV.mjs";
import "./part-FIMT3D3V.mjs";
import "./part-3UO4U4J4.mjs";
import "./part-VSPVQXQA.mjs";
import "./part-WD3FKK6G.mjs";
import "./part-OCVOWVFA.mjs";
import "./part-NSJMMXH4.mjs";
import "./part-WCGJA2CV.mjs";
import "./part-5WQNLSDM.mjs";
import "./part-LXYHK73Q.mjs";
import "./part-UKQXAI4R.mjs";
import "./part-GGRBBHK5.mjs";
import "./part-HGH33Z2U.mjs";
import "./part-P4AOQKWM.mjs";
import "./part-V4KHYDLR.mjs";
import {
  deployGates
} from "./part-CDOJMAX2.mjs";
import {
  environmentSettings
} from "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-5EFQ6LDO.mjs";
import "./part-MWG2RB6J.mjs";
import "./part-UPUSMKYT.mjs";
import {
  redactor
} from "./part-TRWHWWHX.mjs";
import "./part-43SSZ4HE.mjs";
import {
  readDotenv
} from "./part-ZBLX4TU7.mjs";
import "./part-Q5M5SHQF.mjs";
import "./part-VN46M4JG.mjs";
import {
  runId
} from "./part-ON7WC4SY.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-44RGVNPP.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import {
  serviceName
} from "./part-BLKE3M3L.mjs";
import "./part-4YOCKKVQ.mjs";
import "./part-D2FKOHA5.mjs";
import "./part-6OJ4LJWQ.mjs";
import {
  TollgateError
} from "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
