import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/plain-text.ts
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
function terminalText(text) {
  return withoutCommands(plainText(text));
}
__name(terminalText, "terminalText");
function withoutCommands(text) {
  return text.replace(/(?<!\S)::(?=[A-Za-z])/g, ": :").replace(/##(?=[A-Za-z.]{0,40}\[)/g, "## ").replace(/(?<=section_(?:start|end)):(?=\d)/g, " :");
}
__name(withoutCommands, "withoutCommands");

export {
  plainText,
  terminalText,
  withoutCommands
};
