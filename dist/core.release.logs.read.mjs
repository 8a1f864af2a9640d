import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  linesAfter,
  releasesOf,
  sinceOf,
  withoutCardNumbers
} from "./shared.core.release.deploy.steps.mjs";
import {
  openPlace
} from "./shared.core.targets.compose.kind.mjs";
import {
  maskedSecrets
} from "./shared.core.image.secret-text.mjs";
import "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import {
  redactLines,
  redactor
} from "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import {
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/logs/read.ts
import { setTimeout as pause } from "node:timers/promises";
var LOOK_EVERY_MS = 1e3;
var CLOCKS_DIFFER_MS = 6e4;
async function readLogs(settings, request, entryPoint, print) {
  sinceOf(request.since);
  const place = await openPlace(settings, request.environment, entryPoint, request.access, request.sandbox);
  try {
    await printLogs(settings, request, place, print);
  } finally {
    await place.target.close();
  }
}
__name(readLogs, "readLogs");
async function printLogs(settings, request, place, print) {
  const { environment, follow, lines: most, signal } = request;
  const releases = releasesOf(await place.target.running(), request.release, environment);
  const redact = redactor(await hiddenValues(settings, request, place, releases));
  const last = /* @__PURE__ */ new Map();
  let asked = { lines: most, since: sinceOf(request.since) };
  for (; ; ) {
    const read = await Promise.all(releases.map((release) => place.target.output(release, asked)));
    const fresh = read.flat().flatMap(({ replica, lines }) => {
      const key = `${replica.place} ${replica.name}`;
      const news = linesAfter(lines, last.get(key) ?? null);
      last.set(key, news.at(-1)?.at ?? last.get(key) ?? "");
      const texts = redactLines(
        news.map(({ text }) => text),
        redact
      );
      return news.map(({ at }, index) => ({ replica, line: { at, text: texts[index] ?? "" } }));
    });
    for (const { replica, line } of fresh.sort((one, other) => one.line.at < other.line.at ? -1 : 1))
      print(shown(replica, line));
    if (!follow || signal?.aborted === true) return;
    await pause(LOOK_EVERY_MS, void 0, signal === void 0 ? {} : { signal }).catch(() => void 0);
    asked = { lines: "all", since: earliestEnd(last) ?? asked.since };
  }
}
__name(printLogs, "printLogs");
function earliestEnd(last) {
  const [first = ""] = [...last.values()].filter((end) => end !== "").sort();
  const silent = [...last.values()].includes("");
  if (first === "" || !silent) return first === "" ? null : first;
  return new Date(Date.parse(first) - CLOCKS_DIFFER_MS).toISOString();
}
__name(earliestEnd, "earliestEnd");
function shown({ place, process }, { at, text }) {
  const plain = terminalText(withoutCardNumbers(maskedSecrets(text) ?? text));
  return `${at.slice(0, 19)}Z ${place} ${process}  ${plain.replaceAll("\n", " ").trimEnd()}`;
}
__name(shown, "shown");
async function hiddenValues(settings, { environment, secrets }, { target, variables }, releases) {
  const given = secrets === null ? [] : [...readDotenv(await secrets()).values.values()];
  const there = await Promise.all(releases.map((release) => target.variables(release)));
  const open = new Set(environmentSettings(settings, environment).variables.map(({ default: value }) => value));
  const own = [...there.flatMap((values) => [...values.values()]), ...variables.values()];
  return [...given, ...own.filter((value) => !open.has(value))];
}
__name(hiddenValues, "hiddenValues");
export {
  printLogs,
  readLogs
};
