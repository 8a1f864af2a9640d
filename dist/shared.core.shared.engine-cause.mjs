import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/engine-cause.ts
function errorWords(error) {
  if (error instanceof TollgateError) return error.message.trim();
  return lastCause(error instanceof Error ? error.message : String(error));
}
__name(errorWords, "errorWords");
function lastCause(message) {
  const plain = message.trim().replace(/\b([A-Z]\w*)@[A-Za-z0-9+/_-]{40,}={0,2}/g, "$1");
  const inner = plain.split(/(?:: |^)(?:inputs: )?load xxh3:[0-9a-f]+(?:: inputs)?(?=: )|: inputs(?=: )|load \w+(?=: load xxh3)/).at(-1) ?? plain;
  const cause = inner.replace(/^[:\s]+/, "").replace(/^(?:(?:failed to|error) [^:\n]*: )+/i, "");
  return cause === "" ? plain : cause;
}
__name(lastCause, "lastCause");

export {
  errorWords,
  lastCause
};
