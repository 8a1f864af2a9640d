import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  ReleaseUndo,
  afterFailure,
  finish,
  requireHealthy,
  switchTo,
  withSession
} from "./shared.core.ledger.background-store.mjs";
import "./shared.core.release.deploy.steps.mjs";
import {
  boundSettings,
  configDigest
} from "./shared.core.environment.digest.mjs";
import "./shared.core.release.ledger.keep-head.mjs";
import {
  runPipeline
} from "./shared.core.release.pipeline.run.mjs";
import "./shared.core.ledger.verify-heads.mjs";
import "./shared.core.shared.interruption.mjs";
import {
  serviceVariables
} from "./shared.core.release.session.values.mjs";
import "./shared.core.release.ledger.ledger-away.mjs";
import {
  digestsOf
} from "./shared.core.release.plan.plan-id.mjs";
import "./shared.core.ledger.chain.mjs";
import "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.notify.channel.mjs";
import "./shared.core.image.secret-text.mjs";
import "./shared.core.shared.engine-cause.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import "./shared.core.gate.failed.mjs";
import "./shared.core.config.gates.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
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

// core/release/rollback/goal.ts
async function choose({
  request,
  session,
  undo,
  known
}) {
  const { recorder } = session;
  const { running, warning } = await session.claim();
  known.claimWarning = warning;
  const before = running.live.kind === "live" ? running.live.instance : null;
  known.before = before;
  if (before !== null) requireRequested(request.from, before);
  const choice = requireChoice(running, request.to);
  undo.expect(running, choice.kind === "gone" ? choice.release : choice.instance.release);
  const goal = choice.kind === "gone" ? { kind: "gone", record: await recordOf(session, request.environment, choice.release) } : choice;
  const { version, image, digest, revision, configDigest: configDigest2 } = describe(goal);
  await recorder.begin(session.release, {
    action: "rollback",
    version,
    image,
    digest,
    previous: before === null ? null : { release: before.release, digest: before.digest },
    revision,
    planId: null,
    sourceDigest: null,
    configDigest: configDigest2,
    configNames: [],
    migrations: [],
    why: request.why,
    scheduledFor: null
  });
  recorder.tell("start");
  const left = before === null ? "nothing" : `${before.version} (${before.release})`;
  return { kind: "done", note: `from ${left} to ${version}, ${shortDigest(digest)}`, goal, before };
}
__name(choose, "choose");
function requireRequested(from, { release, version }) {
  if (from !== void 0 && !from.includes(release))
    throw new TollgateError(
      "rollback-moved",
      `Release ${release} (${version}) is live now; the rollback was requested from ${from.join(" or ") || "none"}.`,
      "Look at what is live (`tollgate status`) and request it again, if it is still needed. Nothing was changed."
    );
}
__name(requireRequested, "requireRequested");
function requireChoice(running, to) {
  const choice = chooseRelease(running, to);
  if (choice.kind !== "none") return choice;
  throw new TollgateError(
    "rollback-none",
    `There is no release to roll back to: ${choice.why}.`,
    "`tollgate status` shows what is running."
  );
}
__name(requireChoice, "requireChoice");
function describe(goal) {
  if (goal.kind === "gone") return { ...goal.record, version: versionOf(goal.record) };
  const { version, image, digest } = goal.instance;
  return { version, image, digest, revision: null, configDigest: null };
}
__name(describe, "describe");
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

// core/release/rollback/next.ts
function outcomeOf({ at, lost, serves }) {
  if (at === "choose") return "refused";
  if (lost) return "interrupted";
  return serves ? "failed" : "broken";
}
__name(outcomeOf, "outcomeOf");
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

// core/release/rollback/start-goal.ts
async function startGoal(rollback2, goal) {
  if (goal.kind === "gone") return await startAgain(rollback2, goal.record);
  const { kind, instance } = goal;
  rollback2.known.instance = instance;
  return { kind: "skipped", note: kind === "serves" ? "it already has the traffic" : "it is on the target", instance };
}
__name(startGoal, "startGoal");
async function startAgain({ settings, request: { environment, secrets }, session, undo, known }, record) {
  const { target, login, variables } = session.place;
  const values = await serviceVariables(settings, environment, variables, secrets);
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
  const instance = await target.start({
    id: record.id,
    version,
    image: record.image,
    configDigest: record.configDigest ?? "",
    environment: /* @__PURE__ */ __name(() => Promise.resolve(values), "environment"),
    login
  });
  known.instance = instance;
  session.logs?.follow(session.release, "new", instance, "start");
  const next = "Roll back to another release with --to: `tollgate history` lists them.";
  const after = await requireHealthy(target, instance, undo, next);
  return {
    kind: "done",
    note: `fetched ${shortDigest(record.digest)}, healthy after ${duration(after)}`,
    instance
  };
}
__name(startAgain, "startAgain");
async function processesOf({ ledger }, { environment, planId }) {
  if (ledger === null || planId === null) return null;
  const planned = await ledger.eventsOfKind(environment, "planned");
  const own = planned.find(({ what }) => what.kind === "planned" && what.planId === planId);
  return own?.what.kind === "planned" ? own.what.settings["processes"] ?? null : null;
}
__name(processesOf, "processesOf");

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
  await request.held?.();
  const began = performance.now();
  const undo = new ReleaseUndo(session.place.target);
  const known = { before: null, instance: null, claimWarning: "" };
  const rollback2 = { settings, request, session, undo, known };
  const limits = { patience: settings.release.healthTimeout, redact: session.redact };
  const ending = await runPipeline(ROLLBACK, (steps) => rollbackSteps(steps, rollback2), session.recorder, limits);
  return await conclude(rollback2, ending, began);
}
__name(rollBackIn, "rollBackIn");
async function rollbackSteps({ step }, rollback2) {
  const { settings, session, undo } = rollback2;
  const { target } = session.place;
  const { goal, before } = await step("choose", () => choose(rollback2));
  const { instance } = await step("start", () => startGoal(rollback2, goal));
  await step(
    "switch",
    () => {
      session.logs?.follow(session.release, "new", instance, "now");
      if (before !== null) session.logs?.follow(session.release, "old", before, "now");
      return switchTo(target, settings, instance);
    },
    () => switchBack(undo, before, instance)
  );
  return instance;
}
__name(rollbackSteps, "rollbackSteps");
async function switchBack(undo, before, instance) {
  if (before === null)
    throw new TollgateError(
      "no-earlier-release",
      "No release had all of the traffic before.",
      "Choose the release with --to. `tollgate history` lists them."
    );
  undo.keepLogOf(instance);
  return await undo.switchBack(before);
}
__name(switchBack, "switchBack");
async function conclude({ settings, request, session, undo, known }, ending, began) {
  const { environment, to, why } = request;
  const { instance, before, claimWarning } = known;
  const { causes, serving } = ending.kind === "done" ? { causes: [], serving: ending.result } : await afterFailure(ending, session, settings, before);
  const outcome = ending.kind === "done" ? "live" : outcomeOf({ ...ending, serves: serving !== null });
  return await finish(session, {
    action: "rollback",
    service: serviceName(settings.release.name, settings.image.name),
    environment,
    release: session.release,
    version: instance?.version ?? (to === "" ? "the previous release" : to),
    digest: instance?.digest ?? "",
    planId: null,
    outcome,
    waiting: false,
    event: outcome === "live" ? "rollback" : "failure",
    steps: ending.reports,
    causes,
    printed: undo.printed,
    warnings: claimWarning === "" ? [] : [claimWarning],
    serving,
    monitor: null,
    began,
    next: nextOf(outcome, environment, settings.database.contract),
    described: { why }
  });
}
__name(conclude, "conclude");
export {
  rollBackIn,
  rollback
};
