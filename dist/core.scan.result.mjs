import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isClean,
  refused
} from "./shared.core.scan.result.mjs";
import "./shared.runtime.mjs";
export {
  isClean,
  refused
};
