import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  interruption
} from "./shared.core.shared.interruption.mjs";
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
async function runPipeline(plan, page, listener, limits) {
  return await new Pipeline(plan, listener, limits).run(page);
}
__name(runPipeline, "runPipeline");
var Pipeline = class {
  static {
    __name(this, "Pipeline");
  }
  #plan;
  #listener;
  #limits;
  #reports = [];
  #warnings = [];
  #undos = /* @__PURE__ */ new Map();
  #called = 0;
  #failure = null;
  constructor(plan, listener, limits) {
    this.#plan = plan;
    this.#listener = listener;
    this.#limits = limits;
  }
  async run(page) {
    try {
      const result = await page(this.#steps);
      this.#requireAllCalled();
      return { kind: "done", result, reports: this.#reports, warnings: this.#warnings };
    } catch (error) {
      return await this.#undoFrom(this.#failure ?? await this.#failedBetween(error));
    }
  }
  #steps = {
    step: /* @__PURE__ */ __name(async (name, work, undo) => {
      const planned = this.#next(name);
      if (planned.undo !== null && undo !== void 0) this.#undos.set(planned.undo, undo);
      try {
        return await this.#attempt(planned, work);
      } catch (error) {
        this.#failure = { at: planned, error };
        throw error;
      }
    }, "step"),
    closing: /* @__PURE__ */ __name(async (name, work) => {
      const planned = this.#next(name);
      try {
        await this.#attempt(planned, work);
      } catch (error) {
        this.#warnings.push(`${name}: ${this.#line(error)}`);
      }
    }, "closing")
  };
  /** The plan is what people read: the page may neither change its order nor go on after a failure. */
  #next(name) {
    if (this.#failure !== null) throw this.#failure.error;
    const planned = this.#plan[this.#called];
    if (planned?.name !== name) throw new RangeError(`${name} is not the next step: ${planned?.name ?? "none"} is`);
    this.#called += 1;
    return planned;
  }
  #requireAllCalled() {
    if (this.#failure !== null) throw this.#failure.error;
    const left = this.#plan[this.#called];
    if (left !== void 0) throw new RangeError(`the step ${left.name} was left out`);
  }
  async #attempt({ name, changes, closing }, work) {
    const { signal, redact } = this.#limits;
    const took = clock();
    try {
      if (signal?.aborted === true && !closing) throw interruption(signal);
      if (changes) await this.#listener.requireHeld();
      await this.#listener.started(name);
      const done = await step(name, async () => redactedNote(await work(), redact), outline);
      await this.#report({ name, outcome: done.kind, seconds: took(), note: done.note }, done);
      return done;
    } catch (error) {
      await this.#report({ name, outcome: "failed", seconds: took(), note: this.#line(error) });
      throw error;
    }
  }
  /** An error of the page itself must leave nothing half done either: it counts as one of the step before it. */
  async #failedBetween(error) {
    const at = this.#plan[Math.max(0, this.#called - 1)];
    if (at === void 0) throw error;
    await this.#report({ name: at.name, outcome: "failed", seconds: 0, note: this.#line(error) });
    return { at, error };
  }
  async #undoFrom({ at, error }) {
    const undos = undosAfter(this.#plan, at.name);
    const lost = isLost(error) || undos.length > 0 && await wasTakenOver(this.#listener);
    const undoErrors = lost ? [] : await this.#undo(undos);
    return {
      kind: "failed",
      at: at.name,
      error,
      reports: this.#reports,
      undoErrors,
      lost: lost || undoErrors.some(isLost)
    };
  }
  /** Continues after an undo step that fails: the others may still help. Not after one that was refused, as those would be. */
  async #undo(names) {
    const { patience, redact } = this.#limits;
    const errors = [];
    const until = performance.now() + patience * 1e3;
    for (const name of names) {
      const undo = this.#undos.get(name);
      if (undo === void 0) continue;
      const took = clock();
      try {
        const note = await step(
          name,
          async () => redact(await whileAway(undo, until)),
          (text) => text
        );
        await this.#report({ name, outcome: "undone", seconds: took(), note });
      } catch (error) {
        errors.push(error);
        await this.#report({ name, outcome: "failed", seconds: took(), note: this.#line(error) });
        if (isLost(error)) break;
      }
    }
    return errors;
  }
  async #report(entry, done = null) {
    this.#reports.push(entry);
    await this.#listener.finished(entry, done);
  }
  #line(error) {
    return this.#limits.redact(firstLine(error));
  }
};
function clock() {
  const began = performance.now();
  return () => (performance.now() - began) / 1e3;
}
__name(clock, "clock");
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
