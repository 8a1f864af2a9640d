import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  configDigest,
  configGate,
  ecpayGate,
  imageGate,
  qaGate,
  scanGate
} from "./shared.core.environment.digest.mjs";
import {
  checkSmoke,
  ledgerAway,
  requireServes,
  whyItDoesNotServe,
  withSession
} from "./shared.core.notify.channel.mjs";
import {
  runPipeline
} from "./shared.core.release.pipeline.run.mjs";
import {
  isVersion
} from "./shared.core.release.release-id.mjs";
import {
  readFigures,
  requireMonitorPassed,
  wait,
  watch
} from "./shared.core.release.monitor.prometheus.mjs";
import {
  monitorLine,
  windowOf
} from "./shared.core.release.monitor.judge.mjs";
import "./shared.core.ledger.chain.mjs";
import "./shared.core.release.open.mjs";
import {
  LEFT_OPEN
} from "./shared.core.release.migration-failed.mjs";
import {
  openMigrations
} from "./shared.core.release.migrations.mjs";
import {
  serviceVariables
} from "./shared.core.release.values.mjs";
import "./shared.core.release.relay.mjs";
import "./shared.core.image.inspect.mjs";
import "./shared.core.image.busybox.mjs";
import "./shared.core.qa.services.mjs";
import "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.build-secrets.mjs";
import "./shared.core.image.stamp.mjs";
import "./shared.core.image.publish-failure.mjs";
import "./shared.core.release.target.ssh.access.mjs";
import "./shared.core.release.target.errors.mjs";
import {
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  approvalFile,
  fingerprint,
  readPublicKey,
  signedBytes
} from "./shared.core.release.approval.approval.mjs";
import {
  planId
} from "./shared.core.release.plan.plan-id.mjs";
import "./shared.core.canonical-json.mjs";
import "./shared.core.environment.screen.mjs";
import "./shared.core.secrets.dotenv.mjs";
import "./shared.core.database.screen.mjs";
import "./shared.core.database.migration-tool.mjs";
import "./shared.core.database.connection-problem.mjs";
import "./shared.core.service-health.mjs";
import "./shared.core.app.python.app.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.core.progress.mjs";
import "./shared.core.gate.failed.mjs";
import {
  WEEKDAYS
} from "./shared.core.config.app.mjs";
import "./shared.core.config.scan.mjs";
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import "./shared.core.database.address.mjs";
import "./shared.core.exec-error.mjs";
import "./shared.core.secrets.redact.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import {
  quoted
} from "./shared.core.config.fields.mjs";
import "./shared.core.version.mjs";
import "./shared.core.shared.connection-url.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import "./shared.core.report.columns.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import {
  bytes,
  count,
  duration,
  moment,
  shortDigest
} from "./shared.core.report.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/time-zone.ts
function wallTime(moment2, zone) {
  const parts = new Map(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23"
    }).formatToParts(moment2).map(({ type, value }) => [type, value])
  );
  const part = /* @__PURE__ */ __name((name) => parts.get(name) ?? "", "part");
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}
__name(wallTime, "wallTime");
function momentsOf(wall, zone) {
  const naive = Date.parse(`${wall}Z`);
  const offsets = new Set([-1, 0, 1].map((days) => offsetAt(naive + days * DAY, zone)));
  const moments = [...offsets].map((offset) => new Date(naive - offset)).filter((moment2) => wallTime(moment2, zone) === wall).sort((one, other) => one.getTime() - other.getTime());
  const [first] = moments;
  if (first !== void 0) return { moments, around: first };
  return { moments, around: changeAfter(naive - Math.max(...offsets), zone) };
}
__name(momentsOf, "momentsOf");
function earliest(wall, zone) {
  const { moments, around } = momentsOf(wall, zone);
  return moments[0] ?? around;
}
__name(earliest, "earliest");
function latest(wall, zone) {
  const { moments, around } = momentsOf(wall, zone);
  return moments.at(-1) ?? around;
}
__name(latest, "latest");
var MINUTE = 6e4;
var DAY = 24 * 60 * MINUTE;
function offsetAt(time, zone) {
  const whole = Math.floor(time / MINUTE) * MINUTE;
  return Date.parse(`${wallTime(new Date(whole), zone)}Z`) - whole;
}
__name(offsetAt, "offsetAt");
function changeAfter(time, zone) {
  const before = offsetAt(time, zone);
  for (let at = time; at < time + DAY; at += MINUTE) if (offsetAt(at, zone) !== before) return new Date(at);
  return new Date(time);
}
__name(changeAfter, "changeAfter");
function addDays(day, days) {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}
__name(addDays, "addDays");

// core/release/freeze.ts
var LOOKS_AHEAD_DAYS = 400;
function judgeFreeze(settings, at) {
  const holding = windowsAround(settings, at).filter((window) => holds(window, at));
  if (holding.length === 0) return { kind: "open" };
  return { kind: "frozen", reasons: [...new Set(holding.map(({ reason }) => reason))], until: endAfter(settings, at) };
}
__name(judgeFreeze, "judgeFreeze");
function holds({ from, until }, at) {
  return from <= at && at < until;
}
__name(holds, "holds");
function endAfter(settings, at) {
  let end = at;
  while (end.getTime() - at.getTime() < LOOKS_AHEAD_DAYS * 864e5) {
    const next = windowsAround(settings, end).filter((window) => holds(window, end));
    if (next.length === 0) return end;
    end = new Date(Math.max(...next.map(({ until }) => until.getTime())));
  }
  return null;
}
__name(endAfter, "endAfter");
function windowsAround({ zone, once, weekly }, at) {
  const single = once.map(
    ({ from, until, reason }) => ({ from: earliest(from, zone), until: latest(until, zone), reason })
  );
  const today = wallTime(at, zone).slice(0, 10);
  const repeated = weekly.flatMap(
    ({ days, from, until, reason }) => (
      // a window that began yesterday may still be open
      [-1, 0, 1].flatMap((shift) => {
        const day = addDays(today, shift);
        const name = WEEKDAYS[((/* @__PURE__ */ new Date(`${day}T00:00Z`)).getUTCDay() + 6) % 7];
        if (name === void 0 || !days.includes(name)) return [];
        const overnight = until <= from;
        const end = until === "24:00" ? `${addDays(day, 1)}T00:00` : `${overnight ? addDays(day, 1) : day}T${until}`;
        return [{ from: earliest(`${day}T${from}`, zone), until: latest(end, zone), reason }];
      })
    )
  );
  return [...single, ...repeated];
}
__name(windowsAround, "windowsAround");
function frozenError(environment, zone, { reasons, until }, at = null) {
  const end = until === null ? "" : ` until ${wallTime(until, zone).replace("T", " ")} ${zone}${zone === "UTC" ? "" : ` (${moment(until.toISOString())})`}`;
  const when = at === null ? "" : ` at ${moment(at.toISOString())}, and`;
  return new TollgateError(
    "frozen",
    `${environment} is frozen${when}${end}: ${reasons.join("; ")}.`,
    'Schedule it after the freeze with --at, or override the freeze with --break-glass="reason". Rollbacks are always allowed. Nothing was changed.'
  );
}
__name(frozenError, "frozenError");
var FARTHEST_HOURS = 7 * 24;
function readSchedule(given, settings, environment, now) {
  const at = readMoment(given.trim(), settings.zone);
  const refuse = /* @__PURE__ */ __name((code, what, next) => new TollgateError(code, what, `${next} Nothing was changed.`), "refuse");
  if (at.getTime() < now.getTime())
    throw refuse(
      "at-past",
      `--at is in the past: ${moment(at.toISOString())}, and it is ${moment(now.toISOString())}.`,
      "Pass a time in the future."
    );
  if (at.getTime() - now.getTime() > FARTHEST_HOURS * 36e5)
    throw refuse(
      "at-far",
      `--at is more than ${FARTHEST_HOURS / 24} days away.`,
      "Start the run closer to that time: it occupies a machine while it waits."
    );
  const verdict = judgeFreeze(settings, at);
  if (verdict.kind === "frozen") throw frozenError(environment, settings.zone, verdict, at);
  return at;
}
__name(readSchedule, "readSchedule");
function readMoment(given, zone) {
  const [, day, time, offset] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?(Z|[+-]\d{2}:\d{2})?$/.exec(given) ?? [];
  const bad = /* @__PURE__ */ __name((what) => new TollgateError(
    "at-form",
    `--at ${what}.`,
    "Write --at=2026-11-23T09:30+08:00. Without an offset, freeze.zone applies. Nothing was changed."
  ), "bad");
  if (day === void 0 || time === void 0 || Number.isNaN(Date.parse(`${day}T${time}Z`)) || (/* @__PURE__ */ new Date(`${day}T${time}Z`)).toISOString().slice(0, 10) !== day)
    throw bad("is not a date and time");
  if (offset !== void 0) {
    if (Number.isNaN(Date.parse(`${day}T${time}${offset}`))) throw bad("has an invalid UTC offset");
    return /* @__PURE__ */ new Date(`${day}T${time}${offset}`);
  }
  const { moments, around } = momentsOf(`${day}T${time}`, zone);
  const [first, second] = moments;
  if (first === void 0)
    throw bad(`does not exist in ${zone}: its clocks go forward at ${moment(around.toISOString())}`);
  if (second !== void 0)
    throw bad(
      `is ambiguous in ${zone}: it is ${moment(first.toISOString())} or ${moment(second.toISOString())}. Add the offset`
    );
  return first;
}
__name(readMoment, "readMoment");

// core/release/approval/break-glass.ts
var SHORTEST = 10;
function breakGlass(refusals, given, settings, environment, who) {
  if (given === null) return refusals.length === 0 ? { kind: "open" } : null;
  const reason = given.replace(/\s+/g, " ").trim();
  if ([...reason].length < SHORTEST)
    throw new TollgateError(
      "break-glass-reason",
      "--break-glass has no reason.",
      `Write in at least ${SHORTEST} characters what cannot wait. It is recorded and sent to all channels. Nothing was changed.`
    );
  if (!settings.breakGlass)
    throw new TollgateError(
      "break-glass-forbidden",
      `${environment} does not allow --break-glass (environments.${environment}.approvals.breakGlass).`,
      "Get the approvals, or wait for the end of the freeze. Nothing was changed."
    );
  if (refusals.length === 0) return { kind: "open" };
  const waived = [...new Set(refusals)];
  return {
    kind: "broken-glass",
    reason,
    waived,
    banner: [
      "!!! BREAK GLASS !!!",
      `${who} deploys to ${environment} and overrides: ${waived.join(", ")}`,
      `reason: ${reason}`,
      "This is recorded in the ledger and sent to all channels."
    ]
  };
}
__name(breakGlass, "breakGlass");

// core/release/approval/verify.ts
import { verify } from "node:crypto";
function judgeApprovals(texts, asked) {
  const judged = texts.map((text, file) => ({ file, ...judgeOne(text, asked) }));
  const problems = judged.flatMap(
    ({ file, problems: problems2 }) => problems2.map((problem) => ({ ...problem, file }))
  );
  const valid = judged.flatMap(
    ({ file, statement, problems: problems2 }) => statement !== null && problems2.length === 0 ? [{ file, statement }] : []
  );
  const approvals = [];
  for (const { file, statement } of valid) {
    const { key, approver } = statement;
    if (approvals.some((one) => one.key === key))
      problems.push({
        code: "approval-key-twice",
        file,
        message: `is signed with the same key as another approval: ${fingerprint(key)} of ${shown(approver)}`
      });
    else if (approvals.some((one) => one.approver === approver))
      problems.push({
        code: "approval-person-twice",
        file,
        message: `is a second one by ${shown(approver)}, with another key: each approver counts once`
      });
    else approvals.push(statement);
  }
  const { required } = asked.settings;
  if (approvals.length < required)
    problems.push({
      code: "approval-too-few",
      file: null,
      message: `${asked.identity.environment} requires ${required} ${required === 1 ? "approval" : "approvals by different approvers"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`
    });
  return problems.length === 0 ? { kind: "approved", approvals } : { kind: "refused", problems, approvals };
}
__name(judgeApprovals, "judgeApprovals");
function judgeOne(text, asked) {
  const read = readFile(text);
  if ("code" in read) return { statement: null, problems: [read] };
  const { statement, signature } = read;
  const refused = /* @__PURE__ */ __name((code, message) => ({ statement, problems: [{ code, message }] }), "refused");
  if (signature === null || signature === "") return refused("approval-unsigned", "is not signed");
  const known = keyOf(statement, asked);
  if ("code" in known) return { statement, problems: [known] };
  if (!isSigned(statement, signature))
    return refused(
      "approval-bad-signature",
      `has a signature that does not match the key ${fingerprint(statement.key)}: it was changed, or signed with another key`
    );
  return {
    statement,
    problems: [
      ...whoProblems(statement, known),
      ...timeProblems(statement, asked),
      ...planProblems(statement, asked.identity)
    ]
  };
}
__name(judgeOne, "judgeOne");
var LARGEST = 256 * 1024;
function readFile(text) {
  const unreadable = /* @__PURE__ */ __name((why) => ({ code: "approval-unreadable", message: `is not an approval: ${why}` }), "unreadable");
  if (text.length > LARGEST) return unreadable("it is too large");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable("it is not JSON");
  }
  if (typeof value !== "object" || value === null || !("format" in value) || value.format !== APPROVAL_FORMAT)
    return unreadable(`its format is not ${APPROVAL_FORMAT}`);
  if (!("version" in value) || value.version !== APPROVAL_VERSION)
    return {
      code: "approval-version",
      message: `has a version that this Tollgate does not support; it supports ${APPROVAL_VERSION}`
    };
  if (!("signature" in value)) return { code: "approval-unsigned", message: "is not signed" };
  const parsed = approvalFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return unreadable(
    issue === void 0 ? "its fields are wrong" : `${issue.code === "unrecognized_keys" ? "it has an unknown field" : `${issue.path.join(".") || "a field"} is missing or wrong`}`
  );
}
__name(readFile, "readFile");
function keyOf({ key, environment }, { settings, elsewhere, now, identity }) {
  const known = settings.keys.find((one) => one.key === key);
  if (known !== void 0) {
    const today = now.toISOString().slice(0, 10);
    if (known.revoked !== void 0 && known.revoked <= today)
      return {
        code: "approval-key-revoked",
        message: `is signed with a key of ${known.name} that was revoked on ${known.revoked}`
      };
    return known;
  }
  const other = [...elsewhere].find(([, { keys }]) => keys.some((one) => one.key === key));
  if (other !== void 0)
    return {
      code: "approval-key-not-allowed",
      message: `is signed with a key that may approve ${other[0]} but not ${identity.environment}`
    };
  return {
    code: "approval-unknown-key",
    message: `is signed with a key that environments.${identity.environment}.approvals.keys does not list${environment === identity.environment ? "" : `; its environment is ${shown(environment)}`}`
  };
}
__name(keyOf, "keyOf");
function isSigned(statement, signature) {
  const bytes2 = Buffer.from(signature, "base64");
  if (bytes2.length !== 64 || bytes2.toString("base64") !== signature) return false;
  try {
    return verify(null, signedBytes(statement), readPublicKey(statement.key), bytes2);
  } catch {
    return false;
  }
}
__name(isSigned, "isSigned");
function whoProblems({ approver }, known) {
  return approver === known.name ? [] : [
    {
      code: "approval-approver",
      message: `names ${shown(approver)} as approver, but the key belongs to ${known.name}`
    }
  ];
}
__name(whoProblems, "whoProblems");
function timeProblems({ signedAt, expiresAt }, { settings, now }) {
  const [signed, expires] = [Date.parse(signedAt), Date.parse(expiresAt)];
  const problems = [];
  if (signed > now.getTime() + settings.clockSkew * 1e3)
    problems.push({
      code: "approval-not-yet-valid",
      message: `was signed at ${signedAt}, but it is ${now.toISOString()}: the clocks differ by more than approvals.clockSkew (${settings.clockSkew} s)`
    });
  if (expires <= now.getTime())
    problems.push({ code: "approval-expired", message: `expired at ${expiresAt}; it is ${now.toISOString()}` });
  if (expires - signed > settings.longest * 1e3)
    problems.push({
      code: "approval-too-long",
      message: `is valid for longer than approvals.longest (${settings.longest} s)`
    });
  return problems;
}
__name(timeProblems, "timeProblems");
function planProblems(statement, identity) {
  if (planId(statement) !== statement.planId)
    return [{ code: "approval-inconsistent", message: "has a plan id that does not match its content" }];
  const problems = [];
  if (statement.environment !== identity.environment)
    problems.push({
      code: "approval-other-environment",
      message: `is for ${shown(statement.environment)}, not for ${identity.environment}`
    });
  if (statement.imageDigest !== identity.imageDigest)
    problems.push({
      code: "approval-other-image",
      message: `is for the image ${statement.imageDigest}, not for ${identity.imageDigest}`
    });
  if (statement.migrations.join("\n") !== identity.migrations.join("\n"))
    problems.push({
      code: "approval-other-migrations",
      message: `is for the migrations ${listed(statement.migrations)}, not for ${listed(identity.migrations)}`
    });
  if (statement.commands.join("\n") !== identity.commands.join("\n"))
    problems.push({
      code: "approval-other-commands",
      message: `is for the commands ${listed(statement.commands)} before the start, not for ${listed(identity.commands)}`
    });
  if (statement.configDigest !== identity.configDigest)
    problems.push({
      code: "approval-other-config",
      message: "is for another configuration: a name or a value changed after the approval"
    });
  if (problems.length === 0 && statement.planId !== planId(identity))
    problems.push({ code: "approval-other-plan", message: "is for another plan" });
  return problems;
}
__name(planProblems, "planProblems");
function listed(names) {
  return names.length === 0 ? "none" : names.map(shown).join(", ");
}
__name(listed, "listed");
function shown(text) {
  const short = text.length > 60 ? `${text.slice(0, 59)}\u2026` : text;
  return /^[\p{Letter}\p{Mark}\p{Number} .'-]+$/u.test(short) ? short : quoted(short);
}
__name(shown, "shown");

// core/release/deploy/allow.ts
async function requireAllowed(settings, identity, given, recorder) {
  const { environment } = identity;
  const { approvals, freeze } = environmentSettings(settings, environment);
  const elsewhere = new Map(
    Object.entries(settings.environments).flatMap(
      ([name, one]) => name === environment ? [] : [[name, one.approvals]]
    )
  );
  const now = /* @__PURE__ */ new Date();
  const verdict = judgeApprovals(given.approvals, { identity, settings: approvals, elsewhere, now });
  const frozen = judgeFreeze(freeze, now);
  const problems = verdict.kind === "refused" ? verdict.problems : [];
  const refusals = [...problems.map(({ code }) => code), ...frozen.kind === "frozen" ? ["frozen"] : []];
  const passage = breakGlass(refusals, given.breakGlass, approvals, environment, given.who);
  for (const { planId: planId2, planSha256, approver, key, reason, signedAt, expiresAt } of verdict.approvals)
    await recorder.record({ kind: "approved", planId: planId2, planSha256, approver, key, reason, signedAt, expiresAt });
  if (passage === null) {
    if (problems.length > 0)
      recorder.tell("approval-needed", { planId: planId(identity), causes: problems.map(({ message }) => message) });
    if (problems.length === 0 && frozen.kind === "frozen") throw frozenError(environment, freeze.zone, frozen);
    throw new TollgateError(
      problems.length === 1 && problems[0] !== void 0 ? problems[0].code : "approval-refused",
      [
        `${environment} refused this deployment:`,
        ...problems.map(
          ({ code, file, message }) => `  ${code}: ${file === null ? "" : `approval ${file + 1} `}${message}`
        ),
        ...frozen.kind === "frozen" ? [`  frozen: ${frozen.reasons.join("; ")}`] : []
      ].join("\n"),
      `The plan is ${planId(identity)}. Write it with \`tollgate plan --env=${environment} --out=plan.json\` and sign it with \`tollgate approve\`.`
    );
  }
  if (passage.kind === "broken-glass") {
    for (const text of passage.banner) process.stderr.write(`${text}
`);
    await recorder.record({ kind: "broke-glass", reason: passage.reason, waived: passage.waived });
    recorder.tell("break-glass", { planId: planId(identity), causes: [passage.reason] });
    return { kind: "done", note: `BREAK GLASS, overrides ${passage.waived.join(", ")}: ${passage.reason}` };
  }
  if (approvals.required === 0) return { kind: "skipped", note: "environments.NAME.approvals.required is 0" };
  return {
    kind: "done",
    note: `${count(verdict.approvals.length, "approval")}: ${verdict.approvals.map(({ approver }) => approver).join(", ")}`
  };
}
__name(requireAllowed, "requireAllowed");

// core/release/deploy/check-target.ts
async function checkTarget(target, imageBytes) {
  const { facts, problems, running } = await target.check(imageBytes);
  if (problems.length > 0 || running === null)
    throw new TollgateError(
      "target-refused",
      problems.map(({ place, code, what, next }) => `${place}: ${code}: ${what} ${next}`).join("\n"),
      "Fix the target and deploy again. Nothing was changed."
    );
  if (running.live.kind === "foreign")
    throw new TollgateError(
      "target-foreign",
      `${running.live.place} sends its traffic to ${running.live.to}, which is not a release of Tollgate.`,
      "Remove its route from the proxy, or change release.name. Nothing was changed."
    );
  return { facts, running };
}
__name(checkTarget, "checkTarget");
async function pruneReleases(target) {
  const { stopped, removed } = await target.prune();
  return {
    kind: "done",
    note: stopped.length + removed.length === 0 ? "nothing to remove" : `stopped ${stopped.length}, removed ${removed.length}`
  };
}
__name(pruneReleases, "pruneReleases");

// core/release/deploy/steps.ts
var DEPLOY = [
  { name: "config", changes: false, undo: null, closing: false },
  { name: "ecpay", changes: false, undo: null, closing: false },
  { name: "evidence", changes: false, undo: null, closing: false },
  { name: "scan", changes: false, undo: null, closing: false },
  { name: "migrations", changes: false, undo: null, closing: false },
  { name: "image", changes: false, undo: null, closing: false },
  { name: "target", changes: false, undo: null, closing: false },
  { name: "approval", changes: false, undo: null, closing: false },
  { name: "backup", changes: false, undo: null, closing: false },
  { name: "migrate", changes: true, undo: null, closing: false },
  { name: "start", changes: true, undo: "remove the new release", closing: false },
  { name: "healthy", changes: false, undo: null, closing: false },
  { name: "smoke", changes: false, undo: null, closing: false },
  { name: "switch", changes: true, undo: "switch back", closing: false },
  { name: "watch", changes: false, undo: null, closing: false },
  { name: "prune", changes: true, undo: null, closing: true }
];
function outcomeOf({ at, hadBefore, serves, lost }) {
  const step = DEPLOY.findIndex(({ name }) => name === at);
  const firstChange = DEPLOY.findIndex(({ changes }) => changes);
  if (lost) return "interrupted";
  if (step < firstChange) return "refused";
  if (hadBefore && !serves) return "broken";
  if (at === "watch") return hadBefore ? "rolled-back" : "broken";
  return "failed";
}
__name(outcomeOf, "outcomeOf");
function previousRelease({ live, retained }, candidate) {
  const earlier = retained.filter(({ release }) => release !== candidate);
  switch (live.kind) {
    case "live":
      return live.instance.release === candidate ? earlier[0] ?? null : live.instance;
    case "split":
      return live.instances.find(({ release }) => release !== candidate) ?? earlier[0] ?? null;
    case "none":
    case "foreign":
      return null;
  }
}
__name(previousRelease, "previousRelease");
function startOf({ live, candidates }, wanted, fresh) {
  const same = /* @__PURE__ */ __name((instance) => digestOf(instance.image) === digestOf(wanted.image) && instance.version === wanted.version && instance.configDigest === wanted.configDigest, "same");
  if (live.kind === "live" && same(live.instance)) return { kind: "serves", release: live.instance.release };
  const begun = candidates.find(same) ?? (live.kind === "split" ? live.instances.find(same) : void 0);
  return begun === void 0 ? { kind: "new", release: fresh } : { kind: "resumed", release: begun.release };
}
__name(startOf, "startOf");
function digestOf(image) {
  return image.slice(image.indexOf("@") + 1);
}
__name(digestOf, "digestOf");
function allOf({ live, retained, candidates }) {
  return [
    ...live.kind === "live" ? [live.instance] : live.kind === "split" ? live.instances : [],
    ...retained,
    ...candidates
  ];
}
__name(allOf, "allOf");
function nextOf(outcome, environment, leftOpen) {
  if (leftOpen)
    return "The database needs an operator: follow docs/runbook-migration-failed.md before you deploy again.";
  switch (outcome) {
    case "live":
      return "";
    case "refused":
      return "Fix the cause and deploy again. Nothing was changed.";
    case "failed":
    case "rolled-back":
      return "Fix the cause and deploy again. No cleanup is needed.";
    case "interrupted":
      return `\`tollgate history --env=${environment}\` shows which run holds it.`;
    case "broken":
      return `Act now: \`tollgate status --env=${environment}\` shows what is there, \`tollgate rollback --env=${environment}\` rolls back. Runbook: docs/runbook-rollback.md`;
  }
}
__name(nextOf, "nextOf");

// core/release/deploy/undo.ts
var ReleaseUndo = class {
  static {
    __name(this, "ReleaseUndo");
  }
  #target;
  printed = [];
  constructor(target) {
    this.#target = target;
  }
  /** @param back the previous release; null: none */
  async switchBack(back, given) {
    if (back === null)
      throw new TollgateError(
        "no-earlier-release",
        "This was the first release: there is none to roll back to.",
        "Fix the cause and deploy again. No cleanup is needed."
      );
    await this.#keepLogs(given);
    const { traffic } = await this.#target.switch(back);
    return `release ${back.release} (${back.version}) has the traffic again, in ${duration(traffic)}`;
  }
  async remove(release, given) {
    const running = await this.#target.running();
    if (running.live.kind === "live" && running.live.instance.release === release)
      return `kept: release ${release} has the traffic`;
    const found = allOf(running).find((one) => one.release === release);
    if (found === void 0) return "nothing to remove";
    await this.#keepLogs(given);
    await this.#target.retire(found);
    return `removed release ${release}`;
  }
  /** Keeps the last log lines before the containers are removed. */
  async #keepLogs(given) {
    if (this.printed.length > 0 || given === null) return;
    try {
      const logs = await this.#target.logs(given, 10);
      this.printed = logs.flatMap(({ lines }) => lines);
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error;
    }
  }
};
async function liveNow(target) {
  try {
    const { live } = await target.running();
    return live.kind === "live" ? live.instance : null;
  } catch (error) {
    if (error instanceof TollgateError) return null;
    throw error;
  }
}
__name(liveNow, "liveNow");
async function servingNow(target, settings, before) {
  if (before === null) return { instance: null, why: null };
  const why = await whyItDoesNotServe(target, settings, before);
  return why === null ? { instance: before, why: null } : { instance: null, why: `Release ${before.release} (${before.version}) is not serving: ${why}` };
}
__name(servingNow, "servingNow");

// core/release/deploy/wait-until.ts
async function waitUntil(at, signal) {
  process.stderr.write(`Waiting until ${at.toISOString()}.
`);
  await wait(Math.max(0, (at.getTime() - Date.now()) / 1e3), signal);
}
__name(waitUntil, "waitUntil");

// core/release/deploy/deploy.ts
async function deploy(settings, request, entryPoint) {
  const { environment, version, at, breakGlass: breakGlass2 } = request;
  if (!isVersion(version))
    throw new TollgateError(
      "version-form",
      "--version is not a valid image tag.",
      "Use letters, digits and . _ -, at most 128, not starting with . or -. Nothing was changed."
    );
  const { freeze, target } = environmentSettings(settings, environment);
  if (target.kind === "none")
    throw new TollgateError(
      "target-none",
      `environments.${environment} of tollgate.yaml has no target.`,
      `Add environments.${environment}.target with its hosts. Only the environment sandbox works without.`
    );
  if (at !== "") await waitUntil(readSchedule(at, freeze, environment, /* @__PURE__ */ new Date()), request.signal);
  const frozen = judgeFreeze(freeze, /* @__PURE__ */ new Date());
  if (frozen.kind === "frozen" && breakGlass2 === null) throw frozenError(environment, freeze.zone, frozen);
  const secrets = request.secrets === null ? [] : [...readDotenv(await request.secrets()).values.values()];
  return await withSession(
    settings,
    entryPoint,
    { ...request, command: "deploy", need: "required", secrets },
    async (opened) => {
      const migrations = await openMigrations(settings, request, opened.place, entryPoint);
      try {
        return await new Deployment(settings, request, opened, migrations).run();
      } finally {
        await migrations.close();
      }
    }
  );
}
__name(deploy, "deploy");
var Deployment = class {
  static {
    __name(this, "Deployment");
  }
  #settings;
  #request;
  #session;
  #migrations;
  #began = performance.now();
  #service;
  #undo;
  #values = /* @__PURE__ */ new Map();
  #configDigest = "";
  #source = null;
  #image = null;
  #planId = null;
  #start = null;
  #before = null;
  #instance = null;
  #firstReading = null;
  #monitor = null;
  constructor(settings, request, session, migrations) {
    this.#settings = settings;
    this.#request = request;
    this.#session = session;
    this.#migrations = migrations;
    this.#service = serviceName(settings.release.name, settings.image.name);
    this.#undo = new ReleaseUndo(session.place.target);
  }
  async run() {
    const { recorder, place } = this.#session;
    const ending = await runPipeline(
      DEPLOY,
      {
        does: {
          config: /* @__PURE__ */ __name(() => this.#checkConfig(), "config"),
          ecpay: /* @__PURE__ */ __name(() => ecpayGate(this.#request, this.#settings), "ecpay"),
          evidence: /* @__PURE__ */ __name(async () => {
            const { source, ...done } = await qaGate(this.#request, this.#settings);
            this.#source = source;
            return done;
          }, "evidence"),
          scan: /* @__PURE__ */ __name(() => scanGate(this.#request, this.#settings), "scan"),
          migrations: /* @__PURE__ */ __name(() => this.#migrations.judge(), "migrations"),
          image: /* @__PURE__ */ __name(async () => {
            const { image, ...done } = await imageGate(this.#request, this.#settings, place, this.#service);
            this.#image = image;
            return done;
          }, "image"),
          target: /* @__PURE__ */ __name(async () => this.#lookAtTarget((await this.#migrations.pending()).map(({ id }) => id)), "target"),
          approval: /* @__PURE__ */ __name(async () => requireAllowed(
            this.#settings,
            this.#identity((await this.#migrations.pending()).map(({ id }) => id)),
            { ...this.#request, who: this.#request.caller.who },
            recorder
          ), "approval"),
          backup: /* @__PURE__ */ __name(() => this.#migrations.backup(), "backup"),
          migrate: /* @__PURE__ */ __name(async () => this.#start?.kind === "serves" ? { kind: "skipped", note: "this release is already serving" } : await this.#migrations.migrate(this.#release()), "migrate"),
          start: /* @__PURE__ */ __name(() => this.#startRelease(), "start"),
          healthy: /* @__PURE__ */ __name(() => this.#waitHealthy(), "healthy"),
          smoke: /* @__PURE__ */ __name(() => checkSmoke(place.target, this.#required(), this.#settings), "smoke"),
          switch: /* @__PURE__ */ __name(() => this.#switch(), "switch"),
          watch: /* @__PURE__ */ __name(() => this.#watch(), "watch"),
          prune: /* @__PURE__ */ __name(() => pruneReleases(place.target), "prune")
        },
        undoes: {
          "switch back": /* @__PURE__ */ __name(() => this.#undo.switchBack(this.#before, this.#instance), "switch back"),
          "remove the new release": /* @__PURE__ */ __name(() => this.#undo.remove(this.#start?.release ?? this.#session.release, this.#instance), "remove the new release")
        },
        patience: this.#settings.release.healthTimeout
      },
      recorder,
      this.#request.signal
    );
    if (ending.kind === "done") return await this.#finish("live", [], ending.reports, ending.warnings);
    const causes = [ending.error, ...ending.undoErrors].map((error) => this.#words(error));
    if (this.#start === null) this.#before = await liveNow(place.target);
    const serving = ending.lost ? null : await servingNow(place.target, this.#settings, this.#before);
    if (serving?.why != null) causes.push(serving.why);
    const outcome = outcomeOf({
      at: ending.at,
      hadBefore: this.#before !== null,
      serves: serving?.instance != null,
      lost: ending.lost
    });
    const leftOpen = ending.error instanceof TollgateError && ending.error.code === LEFT_OPEN;
    return await this.#finish(outcome, causes, ending.reports, [], serving?.instance ?? null, leftOpen);
  }
  async #checkConfig() {
    const { environment, secrets, version } = this.#request;
    const done = await configGate(this.#request, this.#settings);
    this.#values = await serviceVariables(
      this.#settings,
      environment,
      this.#session.place.sandbox?.variables ?? /* @__PURE__ */ new Map(),
      secrets
    );
    this.#configDigest = configDigest(environment, this.#values);
    const variable = this.#settings.release.version?.variable;
    if (variable !== void 0) this.#values.set(variable, version);
    return done;
  }
  async #lookAtTarget(migrations) {
    const { place, recorder, release } = this.#session;
    const { version, at, why, stamp } = this.#request;
    const image = this.#published();
    const { facts, running } = await checkTarget(place.target, image.bytes);
    this.#start = startOf(running, { image: image.reference, version, configDigest: this.#configDigest }, release);
    this.#before = this.#start.kind === "serves" && running.live.kind === "live" ? running.live.instance : previousRelease(running, this.#start.release);
    this.#planId = planId(this.#identity(migrations));
    if (running.live.kind === "live")
      this.#firstReading = await readFigures(
        place.target,
        running.live.instance,
        this.#settings.release.monitor,
        this.#values
      );
    await recorder.begin(this.#start.release, {
      action: "deploy",
      version,
      image: image.reference,
      digest: image.digest,
      previous: this.#before === null ? null : { release: this.#before.release, digest: this.#before.digest },
      revision: stamp.revision === "" ? null : stamp.revision,
      planId: this.#planId,
      sourceDigest: this.#source,
      configDigest: this.#configDigest,
      configNames: [...this.#values.keys()].sort(),
      migrations,
      why,
      scheduledFor: at === "" ? null : (/* @__PURE__ */ new Date()).toISOString()
    });
    recorder.tell("start", { planId: this.#planId });
    const found = this.#start.kind === "new" ? "" : this.#start.kind === "resumed" ? `; resumes release ${this.#start.release}` : `; release ${this.#start.release} already has the traffic`;
    return {
      kind: "done",
      note: `${facts.map(({ place: place2, runtime, freeBytes }) => `${place2}: ${runtime}, ${bytes(freeBytes)} free`).join("; ")}${found}`
    };
  }
  #identity(migrations) {
    return {
      environment: this.#request.environment,
      imageDigest: this.#published().digest,
      migrations,
      commands: this.#settings.release.before,
      configDigest: this.#configDigest
    };
  }
  #release() {
    const { place } = this.#session;
    return {
      id: this.#start?.release ?? this.#session.release,
      version: this.#request.version,
      image: this.#published().reference,
      configDigest: this.#configDigest,
      environment: /* @__PURE__ */ __name(() => Promise.resolve(this.#values), "environment"),
      login: place.login
    };
  }
  async #startRelease() {
    this.#instance = await this.#session.place.target.start(this.#release());
    return {
      kind: "done",
      note: `${this.#instance.colour}: ${count(this.#instance.replicas.length, "container")} of ${shortDigest(this.#instance.digest)}`
    };
  }
  async #waitHealthy() {
    const health = await this.#session.place.target.health(this.#required());
    if (health.kind === "healthy") return { kind: "done", note: `after ${duration(health.after)}` };
    this.#undo.printed = health.printed;
    throw new TollgateError(
      "never-healthy",
      `${health.replica.process} at ${health.replica.place} did not become healthy: ${health.why}`,
      "Its last log lines are below. Fix the cause and deploy again. No cleanup is needed."
    );
  }
  async #switch() {
    const { target } = this.#session.place;
    const instance = this.#required();
    const { traffic, workers } = await target.switch(instance);
    await requireServes(target, this.#settings, instance);
    return {
      kind: "done",
      note: `traffic in ${duration(traffic)}, workers in ${duration(workers)}; verified: serving ${instance.version}`
    };
  }
  async #watch() {
    const { monitor: settings } = this.#settings.release;
    const { target } = this.#session.place;
    const instance = this.#required();
    const before = await this.#windowBefore(instance);
    this.#monitor = await watch({
      target,
      instance,
      settings,
      values: this.#values,
      before,
      signal: this.#request.signal
    });
    requireMonitorPassed(this.#monitor, settings);
    return { kind: "done", note: monitorLine(this.#monitor), detail: { ...this.#monitor.window } };
  }
  /** From before the start until now: most of it is the previous version's traffic. */
  async #windowBefore(instance) {
    if (this.#firstReading === null) return null;
    const now = await readFigures(this.#session.place.target, instance, this.#settings.release.monitor, this.#values);
    return windowOf(this.#firstReading, { ...now, payments: this.#firstReading.payments });
  }
  async #finish(outcome, causes, steps, warnings, before = null, leftOpen = false) {
    const { recorder, place } = this.#session;
    const serves = outcome === "live" ? this.#required() : before;
    const serving = serves === null ? null : { release: serves.release, version: serves.version, digest: serves.digest };
    const seconds = (performance.now() - this.#began) / 1e3;
    const image = this.#image;
    if (!recorder.begun)
      await recorder.begin(this.#session.release, {
        action: "deploy",
        version: this.#request.version,
        image: image?.reference ?? "",
        digest: image?.digest ?? "",
        previous: null,
        revision: this.#request.stamp.revision || null,
        planId: null,
        sourceDigest: this.#source,
        configDigest: this.#configDigest || null,
        configNames: [],
        migrations: [],
        why: this.#request.why,
        scheduledFor: null
      });
    recorder.tell(outcome === "live" ? "success" : outcome === "rolled-back" ? "rollback" : "failure", {
      causes,
      seconds,
      serving: serving === null ? null : `${serving.version} (${shortDigest(serving.digest)})`,
      planId: this.#planId
    });
    await recorder.end(
      outcome,
      serving === null ? null : { release: serving.release, digest: serving.digest },
      causes,
      seconds
    );
    const { environment, version } = this.#request;
    const away = ledgerAway(this.#session.ledger);
    return {
      action: "deploy",
      service: this.#service,
      environment,
      target: place.target.name,
      release: this.#start?.release ?? this.#session.release,
      version,
      digest: image?.digest ?? "",
      planId: this.#planId,
      outcome,
      steps,
      causes,
      printed: this.#undo.printed.map(this.#session.redact),
      warnings: away === null ? warnings : [...warnings, away],
      serving,
      monitor: this.#monitor,
      seconds,
      next: nextOf(outcome, environment, leftOpen)
    };
  }
  #words(error) {
    return this.#session.redact(error instanceof Error ? error.message.trim() : String(error));
  }
  #required() {
    if (this.#instance === null) throw new RangeError("a release that was started is there");
    return this.#instance;
  }
  #published() {
    if (this.#image === null) throw new RangeError("an image that was published is there");
    return this.#image;
  }
};
export {
  deploy
};
