import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/presentation/plain-text.ts
function plainText(text) {
  return text.replace(escapeSequences, "").replace(/\r\n?/g, "\n").replace(unprintable, "").replace(new RegExp("\\p{Surrogate}", "gu"), "\uFFFD");
}
__name(plainText, "plainText");
var escapeSequences = new RegExp(
  [
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]`,
    // colours, cursor movements
    String.raw`\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?`,
    // window titles, hyperlinks
    String.raw`\x1b[PX^_][^\x1b\n]*(?:\x1b\\)?`,
    String.raw`\x1b[ -/]*[0-~]`
  ].join("|"),
  "g"
);
var unprintable = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
function oneLine(text) {
  return plainText(text).replace(/\s+/g, " ").trim();
}
__name(oneLine, "oneLine");
function clip(text, limit, whole) {
  const plain = plainText(text).replace(/\s+$/, "");
  if (plain.length <= limit) return plain;
  const head = Math.floor(limit / 3);
  const tail = limit - head;
  const left = plain.length - head - tail;
  const note = `\u2026 ${left} characters left out here${whole === void 0 ? "" : `; ${whole} has them`} \u2026`;
  return plainText(`${plain.slice(0, head)}
${note}
${plain.slice(-tail)}`);
}
__name(clip, "clip");
function escapeMarkup(text) {
  return text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
__name(escapeMarkup, "escapeMarkup");
var entities = /* @__PURE__ */ new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"]
]);

export {
  plainText,
  oneLine,
  clip,
  escapeMarkup
};
