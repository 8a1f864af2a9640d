import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  summary
} from "./shared.core.report.summary.mjs";
import "./shared.core.report.reasons.mjs";
import "./shared.core.qa.result.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  summary
};
