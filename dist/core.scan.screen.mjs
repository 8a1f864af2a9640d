import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  databaseWords,
  fixedWords,
  scanScreen,
  scannedWords
} from "./shared.core.scan.screen.mjs";
import "./shared.core.scan.database-verdict.mjs";
import "./shared.core.config.scan.mjs";
import "./shared.core.scan.result.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  databaseWords,
  fixedWords,
  scanScreen,
  scannedWords
};
