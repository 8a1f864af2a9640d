import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isProven
} from "./shared.core.qa.result.mjs";
import "./shared.runtime.mjs";
export {
  isProven
};
