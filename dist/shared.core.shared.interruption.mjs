import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/interruption.ts
function interruption(signal) {
  if (signal?.reason instanceof TollgateError) return signal.reason;
  return new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed.");
}
__name(interruption, "interruption");

export {
  interruption
};
