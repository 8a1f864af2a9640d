import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  planScreen
} from "./shared.core.release.plan.screen.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  planScreen
};
