import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ledger/limits.ts
var MOST = 1e3;
function requireLimit(limit) {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new TollgateError("history-limit", `--limit is ${limit}.`, `Pass a whole number from 1 to ${MOST}.`);
}
__name(requireLimit, "requireLimit");
var HIGHEST_TOKEN = 1e9;
function requireToken(given) {
  if (Number.isInteger(given) && given >= 0 && given <= HIGHEST_TOKEN) return given;
  throw new TollgateError(
    "raise-number",
    `--raise is ${given}.`,
    `Pass the number that the error ledger-behind names, at most ${HIGHEST_TOKEN}. Nothing was changed.`
  );
}
__name(requireToken, "requireToken");
function requireReason(reason, option = "--reason") {
  const plain = reason.replace(/\s+/g, " ").trim();
  if (plain !== "") return plain;
  throw new TollgateError(
    "reason-missing",
    `${option} is empty.`,
    `Pass ${option}: it is recorded in the ledger. Nothing was changed.`
  );
}
__name(requireReason, "requireReason");

export {
  requireLimit,
  requireToken,
  requireReason
};
