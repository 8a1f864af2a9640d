import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/result.ts
function refused(result) {
  return result.findings.filter((finding) => finding.disposition.kind === "refused");
}
__name(refused, "refused");
function isClean(result) {
  return result.reasons.length === 0 && refused(result).length === 0;
}
__name(isClean, "isClean");

export {
  refused,
  isClean
};
