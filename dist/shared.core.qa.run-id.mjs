import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/run-id.ts
function runId(now) {
  return now.toISOString().replace(/[-:.]/g, "");
}
__name(runId, "runId");

export {
  runId
};
