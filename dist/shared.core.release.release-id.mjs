import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/release/release-id.ts
import { randomBytes } from "node:crypto";
function releaseId(now) {
  const digits = now.toISOString().replace(/\D/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString("hex")}`;
}
__name(releaseId, "releaseId");
var VERSION = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
function isVersion(text) {
  return VERSION.test(text);
}
__name(isVersion, "isVersion");

export {
  releaseId,
  isVersion
};
