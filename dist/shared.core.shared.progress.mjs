import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/progress.ts
import { getTracer } from "../sdk/telemetry.ts";
async function step(name, work, end = () => "done") {
  const began = performance.now();
  const took = /* @__PURE__ */ __name(() => `${((performance.now() - began) / 1e3).toFixed(1)} s`, "took");
  say(`${name}: started`);
  try {
    const result = await getTracer().startActiveSpan(name, work);
    say(`${name}: ${end(result)}, ${took()}`);
    return result;
  } catch (error) {
    say(`${name}: failed, ${took()}`);
    throw error;
  }
}
__name(step, "step");
function say(line) {
  process.stderr.write(`${terminalText(line)}
`);
}
__name(say, "say");

export {
  step,
  say
};
