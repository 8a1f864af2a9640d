import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/qa/result.ts
function isProven(result) {
  return result.suites.length > 0 && result.suites.every((suite) => suite.verdict.kind === "passed") && result.coverage.kind !== "below" && result.coverage.kind !== "missing";
}
__name(isProven, "isProven");

export {
  isProven
};
