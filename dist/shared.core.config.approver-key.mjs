import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/config/approver-key.ts
function keyBytes(key) {
  return Buffer.from(key.replace(/^ed25519:/, ""), "base64").toString("hex");
}
__name(keyBytes, "keyBytes");
function sameKey(one, other) {
  return keyBytes(one) === keyBytes(other);
}
__name(sameKey, "sameKey");
function canonicalKey(key) {
  return `ed25519:${Buffer.from(keyBytes(key), "hex").toString("base64")}`;
}
__name(canonicalKey, "canonicalKey");
function personOf(name) {
  return name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
}
__name(personOf, "personOf");
function samePerson(one, other) {
  return personOf(one) === personOf(other);
}
__name(samePerson, "samePerson");

export {
  keyBytes,
  sameKey,
  canonicalKey,
  personOf,
  samePerson
};
