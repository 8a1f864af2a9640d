import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/module/access.ts
function accessBy({ sshKey, sshPassphrase }, registry = null) {
  const ssh = sshKey === void 0 ? null : {
    kind: "key",
    key: /* @__PURE__ */ __name(() => sshKey.plaintext(), "key"),
    passphrase: sshPassphrase === void 0 ? null : async () => (await sshPassphrase.plaintext()).replace(/\r?\n$/, "")
  };
  return { ssh, registry };
}
__name(accessBy, "accessBy");

export {
  accessBy
};
