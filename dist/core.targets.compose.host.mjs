import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  Host,
  problemOf
} from "./shared.core.targets.compose.commands-claim.mjs";
import "./shared.core.shared.deferred.mjs";
import "./shared.core.targets.errors.mjs";
import "./shared.core.targets.fence.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  Host,
  problemOf
};
