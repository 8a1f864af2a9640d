import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/shell-words.ts
function quote(word) {
  if (word.includes("\0")) throw new RangeError("a shell's word cannot contain a NUL byte");
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
__name(quote, "quote");
function words(...all) {
  return all.map((word) => quote(String(word))).join(" ");
}
__name(words, "words");

export {
  quote,
  words
};
