import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/report/columns.ts
function displayWidth(text) {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}
__name(displayWidth, "displayWidth");
function characterWidth(character) {
  if (new RegExp("\\p{Mark}|[\\u200b-\\u200d]|\\ufe0f", "u").test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
__name(characterWidth, "characterWidth");
var wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
function fit(text, columns) {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}\u2026`;
}
__name(fit, "fit");
function fitPath(path, columns) {
  if (displayWidth(path) <= columns) return path;
  const characters = [...path];
  while (characters.length > 0 && displayWidth(characters.join("")) > columns - 1) characters.shift();
  return `\u2026${characters.join("")}`;
}
__name(fitPath, "fitPath");
function alignColumns(rows, alignments) {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ""))));
  return rows.map(
    (row) => alignments.map((alignment, column) => {
      const cell = row[column] ?? "";
      const space = " ".repeat((widths[column] ?? 0) - displayWidth(cell));
      return alignment === "right" ? space + cell : cell + space;
    }).join("  ").trimEnd()
  );
}
__name(alignColumns, "alignColumns");
function wrapWords(text, columns, lines) {
  const wrapped = [];
  let rest = text.trim();
  while (rest !== "" && wrapped.length < lines - 1) {
    let line2 = "";
    for (const word of rest.split(" ")) {
      const longer = line2 === "" ? word : `${line2} ${word}`;
      if (displayWidth(longer) > columns) break;
      line2 = longer;
    }
    if (line2 === "")
      line2 = [...rest].reduce(
        (kept, character) => displayWidth(kept + character) > columns ? kept : kept + character,
        ""
      );
    wrapped.push(line2);
    rest = rest.slice(line2.length).trim();
  }
  return rest === "" ? wrapped : [...wrapped, fit(rest, columns)];
}
__name(wrapWords, "wrapWords");

// core/report/plain-text.ts
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
function clip(text, limit) {
  const plain = plainText(text).replace(/\s+$/, "");
  if (plain.length <= limit) return plain;
  const head = Math.floor(limit / 3);
  const tail = limit - head;
  const left = plain.length - head - tail;
  const note = `\u2026 ${left} characters left out here; evidence.json has them \u2026`;
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

// core/report/screen.ts
var UNLIMITED = 4e3;
var NARROWEST = 60;
function widthOf(columns, terminal) {
  const wanted = Number(columns);
  if (Number.isInteger(wanted) && wanted > 0) return Math.max(NARROWEST, wanted);
  return terminal.isTTY === true ? Math.max(NARROWEST, terminal.columns ?? 100) : UNLIMITED;
}
__name(widthOf, "widthOf");
var screenColumns = widthOf(process.env["COLUMNS"], process.stdout);
var screenLines = 40;
function safe(text) {
  return oneLine(text.slice(0, 4e3)).replaceAll("##[", "## [");
}
__name(safe, "safe");
function line(text, width = screenColumns) {
  return fit(safe(text), width);
}
__name(line, "line");

export {
  displayWidth,
  fit,
  fitPath,
  alignColumns,
  wrapWords,
  plainText,
  oneLine,
  clip,
  escapeMarkup,
  screenColumns,
  screenLines,
  safe,
  line
};
