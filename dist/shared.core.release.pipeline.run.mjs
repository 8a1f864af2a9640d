import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  errorWords
} from "./shared.core.shared.engine-cause.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  TargetError
} from "./shared.core.targets.errors.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/while-away.ts
import { setTimeout as pause } from "node:timers/promises";
var PAUSE_MILLISECONDS = 500;
var AWAY = ["unreachable", "cut", "no-docker"];
async function whileAway(work, until) {
  for (; ; ) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || performance.now() > until) throw error;
      await pause(PAUSE_MILLISECONDS);
    }
  }
}
__name(whileAway, "whileAway");
function isAway(error) {
  return error instanceof TargetError && AWAY.includes(error.kind);
}
__name(isAway, "isAway");

// core/release/pipeline/step.ts
function undosAfter(steps, failed) {
  const at = steps.findIndex(({ name }) => name === failed);
  if (at < 0) throw new RangeError(`there is no step ${failed}`);
  if (steps[at]?.closing === true) return [];
  const undos = steps.slice(0, at + 1).flatMap(({ undo }) => undo === null ? [] : [undo]);
  return [...new Set(undos.reverse())];
}
__name(undosAfter, "undosAfter");

// core/release/pipeline/run.ts
async function runPipeline(plan, works, listener, signal) {
  const reports = [];
  const warnings = [];
  const report = /* @__PURE__ */ __name(async (entry, done) => {
    reports.push(entry);
    await listener.finished(entry, done);
  }, "report");
  for (const { name, changes, closing } of plan) {
    const began = performance.now();
    const took = /* @__PURE__ */ __name(() => (performance.now() - began) / 1e3, "took");
    try {
      if (signal?.aborted === true && !closing)
        throw new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed.");
      if (changes) await listener.requireHeld();
      await listener.started(name);
      const done = await step(name, async () => redactedNote(await works.does(name), works.redact), outline);
      await report({ name, outcome: done.kind, seconds: took(), note: done.note }, done);
    } catch (error) {
      await report({ name, outcome: "failed", seconds: took(), note: works.redact(firstLine(error)) }, null);
      if (closing) {
        warnings.push(`${name}: ${works.redact(firstLine(error))}`);
        continue;
      }
      const lost = isLost(error) || undosAfter(plan, name).length > 0 && await wasTakenOver(listener);
      const undoErrors = lost ? [] : await undoSteps(undosAfter(plan, name), works, report);
      return { kind: "failed", at: name, error, reports, undoErrors, lost: lost || undoErrors.some(isLost) };
    }
  }
  return { kind: "done", reports, warnings };
}
__name(runPipeline, "runPipeline");
var LOST = /* @__PURE__ */ new Set(["lease-lost", "target-fenced", "target-moved"]);
function isLost(error) {
  return error instanceof TollgateError && LOST.has(error.code);
}
__name(isLost, "isLost");
async function wasTakenOver(listener) {
  try {
    await listener.requireHeld();
    return false;
  } catch (error) {
    return isLost(error);
  }
}
__name(wasTakenOver, "wasTakenOver");
async function undoSteps(undos, works, report) {
  const errors = [];
  const until = performance.now() + works.patience * 1e3;
  for (const undo of undos) {
    const began = performance.now();
    const took = /* @__PURE__ */ __name(() => (performance.now() - began) / 1e3, "took");
    try {
      const note = await step(
        undo,
        async () => works.redact(await whileAway(works.undoes[undo], until)),
        (text) => text
      );
      await report({ name: undo, outcome: "undone", seconds: took(), note }, null);
    } catch (error) {
      errors.push(error);
      await report({ name: undo, outcome: "failed", seconds: took(), note: works.redact(firstLine(error)) }, null);
      if (isLost(error)) break;
    }
  }
  return errors;
}
__name(undoSteps, "undoSteps");
function redactedNote(done, redact) {
  return { ...done, note: redact(done.note) };
}
__name(redactedNote, "redactedNote");
function outline(done) {
  return done.kind === "skipped" ? `skipped: ${done.note}` : done.note;
}
__name(outline, "outline");
function firstLine(error) {
  const lines = errorWords(error).split("\n");
  if (error instanceof GateFailed) return lines.at(-1) ?? "";
  const [first = "", second = ""] = lines;
  return first.endsWith(":") && second.trim() !== "" ? `${first} ${second.trim()}` : first;
}
__name(firstLine, "firstLine");

export {
  runPipeline,
  firstLine
};
