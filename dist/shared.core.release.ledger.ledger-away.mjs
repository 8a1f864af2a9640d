import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/release/ledger/ledger-away.ts
function ledgerAway(ledger) {
  if (ledger === null || ledger.state.kind === "online") return null;
  const { why, lost } = ledger.state;
  return `the ledger is unreachable (${why}). Its events are kept locally; the next run that reaches the ledger writes them there.${lost === 0 ? "" : ` ${lost} events could not be kept.`}`;
}
__name(ledgerAway, "ledgerAway");

export {
  ledgerAway
};
