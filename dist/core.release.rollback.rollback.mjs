import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  ReleaseUndo,
  requireHealthy,
  servingNow,
  servingOf,
  servingWords,
  switchTo,
  withSession
} from "./shared.core.release.deploy.serve.mjs";
import "./shared.core.release.deploy.steps.mjs";
import {
  boundSettings,
  configDigest
} from "./shared.core.environment.digest.mjs";
import {
  headText
} from "./shared.core.ledger.judge-head.mjs";
import {
  runPipeline
} from "./shared.core.release.pipeline.run.mjs";
import {
  serviceVariables
} from "./shared.core.release.session.values.mjs";
import {
  ledgerAway
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  digestsOf
} from "./shared.core.release.plan.plan-id.mjs";
import "./shared.core.ledger.chain.mjs";
import "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.notify.channel.mjs";
import {
  errorWords
} from "./shared.core.shared.engine-cause.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import "./shared.core.gate.failed.mjs";
import "./shared.core.config.gates.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.database.connect.address.mjs";
import {
  redactLines
} from "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.targets.errors.mjs";
import "./shared.core.targets.fence.mjs";
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

// core/release/rollback/choose.ts
var ROLLBACK = [
  { name: "choose", changes: false, undo: null, closing: false },
  { name: "start", changes: true, undo: null, closing: false },
  { name: "switch", changes: true, undo: "switch back", closing: false }
];
function chooseRelease({ live, retained }, to) {
  const current = live.kind === "live" ? live.instance : null;
  const known = [...retained, ...live.kind === "split" ? live.instances : []];
  if (to !== "") {
    const asked = /* @__PURE__ */ __name(({ release, version }) => release === to || version === to, "asked");
    if (current !== null && current.release === to) return { kind: "serves", instance: current };
    const found = known.find(({ release }) => release === to) ?? known.find(asked);
    if (found !== void 0) return { kind: "retained", instance: found };
    return current !== null && asked(current) ? { kind: "serves", instance: current } : { kind: "gone", release: to };
  }
  switch (live.kind) {
    case "none":
      return { kind: "none", why: "no release of Tollgate has the traffic" };
    case "foreign":
      return { kind: "none", why: `${live.place} sends its traffic to ${live.to}, which is not a release of Tollgate` };
    case "split": {
      const [earliest] = [...live.instances].sort(byStart);
      return earliest === void 0 ? { kind: "none", why: "no release that shares the traffic is complete" } : { kind: "retained", instance: earliest };
    }
    case "live": {
      const last = retained.find(({ startedAt }) => startedAt < live.instance.startedAt);
      if (last !== void 0) return { kind: "retained", instance: last };
      const newer = retained.length === 0 ? "" : `; for a newer one pass --to=${retained[0]?.release ?? ""}`;
      return {
        kind: "none",
        why: `no release before ${live.instance.release} (${live.instance.version}) is on the target${newer}`
      };
    }
  }
}
__name(chooseRelease, "chooseRelease");
function byStart(one, other) {
  return one.startedAt < other.startedAt ? -1 : 1;
}
__name(byStart, "byStart");

// core/release/rollback/fetch-again.ts
function whyNeverLive({ action, outcome }) {
  if (action === "rollback") return "it was a rollback: pass the id of the release that it went to";
  return outcome === "live" ? null : `its outcome is ${outcome}, and it was never verified to serve`;
}
__name(whyNeverLive, "whyNeverLive");
function requireWasLive(record) {
  const why = whyNeverLive(record);
  if (why === null) return;
  throw new TollgateError(
    "rollback-never-live",
    `Release ${record.id} cannot be rolled back to: ${why}.`,
    "Choose a release with the outcome live: `tollgate history` lists them. Nothing was changed."
  );
}
__name(requireWasLive, "requireWasLive");
function requireSame(record, then, now) {
  if (then.processes !== null && now.processes !== then.processes)
    throw new TollgateError(
      "rollback-processes",
      `The processes of tollgate.yaml are not those that release ${record.id} ran.`,
      record.revision === null ? "Roll back from the commit of that release. Nothing was changed." : `Check out ${record.revision.slice(0, 12)}, the commit of that release, and roll back there. Nothing was changed.`
    );
  if (record.configDigest === now.configDigest) return;
  const names = differences(record.configNames, now.configNames);
  throw new TollgateError(
    "rollback-config",
    `The configuration of --secrets is not the one that release ${record.id} had: ${names === "" ? "a value differs" : names}.`,
    "Pass the configuration of that release, or roll back to one that is on the target: `tollgate status` lists them. Nothing was changed."
  );
}
__name(requireSame, "requireSame");
function differences(then, now) {
  const missing = then.filter((name) => !now.includes(name));
  const added = now.filter((name) => !then.includes(name));
  return [
    ...missing.length === 0 ? [] : [`${missing.join(", ")} missing`],
    ...added.length === 0 ? [] : [`${added.join(", ")} added`]
  ].join("; ");
}
__name(differences, "differences");

// core/release/rollback/next.ts
function nextOf(outcome, environment, contract) {
  switch (outcome) {
    case "live":
      return databaseAfter(contract);
    case "refused":
      return `Nothing was changed. \`tollgate status --env=${environment}\` lists the releases that --to can name.`;
    case "failed":
    case "rolled-back":
      return `Fix the cause (\`tollgate logs --env=${environment} --release=ID\`), or choose another release with --to: \`tollgate history --env=${environment}\` lists them.`;
    case "interrupted":
      return `\`tollgate status --env=${environment}\` shows what is serving and which run claimed it last. Run the command again when that run has ended.`;
    case "broken":
      return `Act now: \`tollgate status --env=${environment}\` shows what is there, \`tollgate rollback --env=${environment} --to=RELEASE\` chooses another release. Runbook: docs/runbook-rollback.md`;
  }
}
__name(nextOf, "nextOf");
function databaseAfter(contract) {
  const stays = "The database was not changed: a rollback never downgrades it.";
  return contract.length === 0 ? stays : `${stays} What ${contract.join(", ")} removed (database.contract) is missing for this release too.`;
}
__name(databaseAfter, "databaseAfter");

// core/release/rollback/rollback.ts
async function rollback(settings, request, entryPoint) {
  const { secrets } = request;
  const hidden = secrets === null ? [] : [...readDotenv(await secrets()).values.values()];
  return await withSession(
    settings,
    entryPoint,
    { ...request, command: "rollback", need: "wanted", secrets: hidden },
    (session) => rollBackIn(settings, request, session)
  );
}
__name(rollback, "rollback");
async function rollBackIn(settings, request, session) {
  const { environment, to, why, from } = request;
  await request.held?.();
  const {
    place: { target },
    recorder,
    ledger
  } = session;
  const began = performance.now();
  const service = serviceName(settings.release.name, settings.image.name);
  let choice = { kind: "none", why: "" };
  let before = null;
  let chosen = null;
  let claimWarning = "";
  const undo = new ReleaseUndo(target);
  const choose = /* @__PURE__ */ __name(async () => {
    const { running, warning } = await session.claim();
    claimWarning = warning;
    before = running.live.kind === "live" ? running.live.instance : null;
    if (from !== void 0 && before !== null && !from.includes(before.release))
      throw new TollgateError(
        "rollback-moved",
        `Release ${before.release} (${before.version}) is live now; the rollback was requested from ${from.join(" or ") || "none"}.`,
        "Look at what is live (`tollgate status`) and request it again, if it is still needed. Nothing was changed."
      );
    choice = chooseRelease(running, to);
    if (choice.kind === "none")
      throw new TollgateError(
        "rollback-none",
        `There is no release to roll back to: ${choice.why}.`,
        "`tollgate status` shows what is running."
      );
    undo.expect(running, choice.kind === "gone" ? choice.release : choice.instance.release);
    const record = choice.kind === "gone" ? await recordOf(session, environment, choice.release) : null;
    const { image, digest, version } = record === null ? wanted(choice) : { image: record.image, digest: record.digest, version: versionOf(record) };
    await recorder.begin(session.release, {
      action: "rollback",
      version,
      image,
      digest,
      previous: before === null ? null : { release: before.release, digest: before.digest },
      revision: record?.revision ?? null,
      planId: null,
      sourceDigest: null,
      configDigest: record?.configDigest ?? null,
      configNames: [],
      migrations: [],
      why,
      scheduledFor: null
    });
    recorder.tell("start");
    const left = before === null ? "nothing" : `${before.version} (${before.release})`;
    return { kind: "done", note: `from ${left} to ${version}, ${shortDigest(digest)}` };
  }, "choose");
  const start = /* @__PURE__ */ __name(async () => {
    if (choice.kind === "retained" || choice.kind === "serves") {
      chosen = choice.instance;
      return { kind: "skipped", note: choice.kind === "serves" ? "it already has the traffic" : "it is on the target" };
    }
    const id = choice.kind === "gone" ? choice.release : "";
    const record = await recordOf(session, environment, id);
    const values = await serviceVariables(settings, environment, session.place.variables, request.secrets);
    const variable = settings.release.version?.variable;
    requireSame(
      { ...record, configNames: record.configNames.filter((name) => name !== variable) },
      { processes: await processesOf(session, record) },
      {
        configDigest: configDigest(environment, values),
        configNames: [...values.keys()],
        processes: digestsOf(boundSettings(settings, environment))["processes"] ?? null
      }
    );
    const version = versionOf(record);
    if (variable !== void 0) values.set(variable, version);
    chosen = await target.start({
      id: record.id,
      version,
      image: record.image,
      configDigest: record.configDigest ?? "",
      environment: /* @__PURE__ */ __name(() => Promise.resolve(values), "environment"),
      login: session.place.login
    });
    const next = "Roll back to another release with --to: `tollgate history` lists them.";
    const after2 = await requireHealthy(target, chosen, undo, next);
    return { kind: "done", note: `fetched ${shortDigest(record.digest)}, healthy after ${duration(after2)}` };
  }, "start");
  const change = /* @__PURE__ */ __name(async () => {
    if (chosen === null) throw new RangeError("a release was chosen");
    return await switchTo(target, settings, chosen);
  }, "change");
  const switchBack = /* @__PURE__ */ __name(async () => {
    if (before === null)
      throw new TollgateError(
        "no-earlier-release",
        "No release had all of the traffic before.",
        "Choose the release with --to. `tollgate history` lists them."
      );
    return await undo.switchBack(before, chosen);
  }, "switchBack");
  const ending = await runPipeline(
    ROLLBACK,
    {
      does: /* @__PURE__ */ __name((name) => ({ choose, start, switch: change })[name](), "does"),
      undoes: { "switch back": switchBack },
      patience: settings.release.healthTimeout,
      redact: session.redact
    },
    recorder
  );
  const words = /* @__PURE__ */ __name((error) => session.redact(errorWords(error)), "words");
  const causes = ending.kind === "done" ? [] : [ending.error, ...ending.undoErrors].map(words);
  const lost = ending.kind === "failed" && ending.lost;
  const unseen = { instance: null, why: null };
  const after = ending.kind === "done" ? null : lost ? unseen : await servingNow(target, settings, before);
  if (after?.why != null) causes.push(session.redact(after.why));
  const serving = after === null ? instanceOf(chosen) : after.instance;
  const outcome = ending.kind === "done" ? "live" : ending.at === "choose" ? "refused" : lost ? "interrupted" : serving === null ? "broken" : "failed";
  const seconds = (performance.now() - began) / 1e3;
  const seen = servingOf(serving);
  const told = { causes, seconds, serving: servingWords(seen) };
  if (!recorder.begun)
    await recorder.begin(session.release, {
      action: "rollback",
      version: null,
      image: "",
      digest: "",
      previous: null,
      revision: null,
      planId: null,
      sourceDigest: null,
      configDigest: null,
      configNames: [],
      migrations: [],
      why,
      scheduledFor: null
    });
  const head = await recorder.end(
    outcome,
    seen === null ? null : { release: seen.release, digest: seen.digest },
    causes,
    seconds,
    { event: outcome === "live" ? "rollback" : "failure", told }
  );
  const away = ledgerAway(ledger);
  const warnings = [
    ...claimWarning === "" ? [] : [claimWarning],
    ...away === null ? [] : [away],
    ...await session.keepHead(session.release, head)
  ];
  const goal = instanceOf(chosen);
  return {
    action: "rollback",
    service,
    environment,
    target: target.name,
    release: session.release,
    version: goal?.version ?? (to === "" ? "the previous release" : to),
    digest: goal?.digest ?? "",
    planId: null,
    outcome,
    waiting: false,
    steps: ending.reports,
    causes,
    printed: redactLines(undo.printed, session.redact),
    warnings,
    serving: seen,
    monitor: null,
    ledgerHead: head === null ? null : headText(head),
    seconds,
    next: nextOf(outcome, environment, settings.database.contract)
  };
}
__name(rollBackIn, "rollBackIn");
function instanceOf(instance) {
  return instance;
}
__name(instanceOf, "instanceOf");
function wanted(choice) {
  if (choice.kind === "retained" || choice.kind === "serves") return choice.instance;
  throw new RangeError("a release that is on the target was chosen");
}
__name(wanted, "wanted");
function versionOf({ version, revision, id }) {
  return version ?? revision ?? id;
}
__name(versionOf, "versionOf");
async function recordOf({ ledger }, environment, id) {
  const next = "Choose a release that is on the target: `tollgate status` lists them.";
  if (ledger === null)
    throw new TollgateError(
      "rollback-unknown",
      `Release ${id} is no longer on the target, and there is no ledger with its image.`,
      next
    );
  const record = await ledger.release(environment, id);
  if (record === null || record.image === "")
    throw new TollgateError("rollback-unknown", `Release ${id} is neither on the target nor in the ledger.`, next);
  requireWasLive(record);
  return record;
}
__name(recordOf, "recordOf");
async function processesOf({ ledger }, { environment, planId }) {
  if (ledger === null || planId === null) return null;
  const planned = await ledger.eventsOfKind(environment, "planned");
  const own = planned.find(({ what }) => what.kind === "planned" && what.planId === planId);
  return own?.what.kind === "planned" ? own.what.settings["processes"] ?? null : null;
}
__name(processesOf, "processesOf");
export {
  rollBackIn,
  rollback
};
