import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/ssh/access.ts
function addressText({ host, port }) {
  return port === 22 ? host : `${host}:${port}`;
}
__name(addressText, "addressText");

export {
  addressText
};
