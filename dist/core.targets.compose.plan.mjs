import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  planOf
} from "./shared.core.targets.compose.plan.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.runtime.mjs";
export {
  planOf
};
