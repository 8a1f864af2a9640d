import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/result.ts
function blocking(result) {
  return result.findings.filter((finding) => finding.disposition.kind === "blocking");
}
__name(blocking, "blocking");
function scanVerdict(result) {
  if (blocking(result).length > 0 || result.reasons.some(({ code }) => code === "ignore-expired")) return "failed";
  return result.reasons.length > 0 ? "inconclusive" : "passed";
}
__name(scanVerdict, "scanVerdict");
function scanPassed(result) {
  return scanVerdict(result) === "passed";
}
__name(scanPassed, "scanPassed");

export {
  blocking,
  scanVerdict,
  scanPassed
};
