import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/release/target/ssh/command.ts
function quote(word) {
  if (word.includes("\0")) throw new RangeError("no word of a shell holds a NUL byte");
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
__name(quote, "quote");
function words(...all) {
  return all.map((word) => quote(String(word))).join(" ");
}
__name(words, "words");
function lineOf({ script, seconds }, user) {
  const line = words("timeout", "-k", 5, seconds, "sh", "-c", script);
  return user === "root" ? line : `sudo -n ${line}`;
}
__name(lineOf, "lineOf");
function ranOutOfTime(code) {
  return code === 124 || code === 137;
}
__name(ranOutOfTime, "ranOutOfTime");

// core/deferred.ts
function deferred() {
  let resolve = /* @__PURE__ */ __name(() => void 0, "resolve");
  let reject = /* @__PURE__ */ __name(() => void 0, "reject");
  const promise = new Promise((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
__name(deferred, "deferred");

export {
  quote,
  words,
  lineOf,
  ranOutOfTime,
  deferred
};
