import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  blocking,
  scanPassed,
  scanVerdict
} from "./shared.core.scan.result.mjs";
import "./shared.runtime.mjs";
export {
  blocking,
  scanPassed,
  scanVerdict
};
