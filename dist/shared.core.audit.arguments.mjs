import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/audit/arguments.ts
var KEY = /^ed25519:[A-Za-z0-9+/]{43}=$/;
var HEAD = /^(\d{1,15}):([0-9a-f]{16,64})$/;
function readKeys(texts) {
  const wrong = texts.filter((text) => !KEY.test(text));
  if (wrong.length === 0) return [...texts];
  throw new TollgateError(
    "audit-key",
    `--key is not a public key: ${wrong.map((text) => JSON.stringify(text.slice(0, 60))).join(", ")}.`,
    "Pass it as it is in tollgate.yaml: ed25519: and 44 characters. Nothing was verified."
  );
}
__name(readKeys, "readKeys");
function readHeads(texts) {
  return texts.map((text) => {
    const [, number, hash] = HEAD.exec(text.trim()) ?? [];
    if (number !== void 0 && hash !== void 0) return { number: Number(number), hash };
    throw new TollgateError(
      "audit-head",
      `--head is not NUMBER:HASH: ${JSON.stringify(text.slice(0, 80))}.`,
      "Pass the number of events and the head as `history` printed them, such as --head=1204:5f0c1d2e3f405162. Nothing was verified."
    );
  });
}
__name(readHeads, "readHeads");

export {
  readKeys,
  readHeads
};
