import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/secrets/plain-form.ts
var ENCODED = new RegExp(
  [
    "%[0-7]{hex}",
    "%[cCdD]{hex}{more}",
    "%[eE]{hex}{more}{more}",
    "%[fF][0-7]{more}{more}{more}",
    String.raw`&#(?:\d{1,7}|[xX]{hex}{1,6});`,
    "&(?:amp|lt|gt|quot|apos);",
    String.raw`\\+(?:u{hex}{4}|U{hex}{8}|x{hex}{2}|[nrt])?`,
    String.raw`=\r?\n`,
    String.raw`[\s+]+`
  ].join("|").replaceAll("{more}", "%[89abAB]{hex}").replaceAll("{hex}", String.raw`[\da-fA-F]`),
  "g"
);
var PERHAPS_ENCODED = /[%&\\\s+]/;
var REFERENCES = /* @__PURE__ */ new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"]
]);
var CONTROLS = /* @__PURE__ */ new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "	"]
]);
var DEEPEST = 5;
function plainForm(text) {
  let form = { text, places: null };
  for (let depth = 0; depth < DEEPEST && PERHAPS_ENCODED.test(form.text); depth++) {
    const next = decodedOnce(form);
    if (next.text === form.text) break;
    form = next;
  }
  return form;
}
__name(plainForm, "plainForm");
function decodedOnce({ text, places }) {
  const parts = [];
  const from = [];
  const to = [];
  const keep = /* @__PURE__ */ __name((start, end) => {
    parts.push(text.slice(start, end));
    for (let at = start; at < end; at++) {
      from.push(places?.from[at] ?? at);
      to.push(places?.to[at] ?? at + 1);
    }
  }, "keep");
  let read = 0;
  for (const { 0: written, index } of text.matchAll(ENCODED)) {
    keep(read, index);
    read = index + written.length;
    const meant = decoded(written);
    parts.push(meant);
    for (let at = 0; at < meant.length; at++) {
      from.push(places?.from[index] ?? index);
      to.push(places?.to[read - 1] ?? read);
    }
  }
  keep(read, text.length);
  return { text: parts.join(""), places: { from, to } };
}
__name(decodedOnce, "decodedOnce");
function decoded(written) {
  switch (written[0]) {
    case "%":
      return Buffer.from(written.replaceAll("%", ""), "hex").toString("utf8");
    case "&":
      return REFERENCES.get(written.toLowerCase()) ?? numbered(written.slice(2, -1));
    case "\\": {
      const name = written.replace(/^\\+/, "");
      return CONTROLS.get(name) ?? (name.length > 1 ? character(Number.parseInt(name.slice(1), 16)) : name);
    }
    default:
      return "";
  }
}
__name(decoded, "decoded");
function numbered(number) {
  return character(/^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number));
}
__name(numbered, "numbered");
function character(code) {
  return code <= 1114111 ? String.fromCodePoint(code) : "\uFFFD";
}
__name(character, "character");

// core/secrets/redact.ts
var MASK = "***";
var SHORTEST = 4;
var WITHIN_WORDS = 6;
var ORDINARY = /^(?:true|false|null|none)$/i;
var PIECE = 96;
function redact(text, secrets) {
  return redactor(secrets)(text);
}
__name(redact, "redact");
function redactor(values, shortest = SHORTEST) {
  const pieces = [...new Set(values.flatMap(piecesOf))].filter(
    (value) => value.trim().length >= shortest && !ORDINARY.test(value)
  );
  const words = new Set(pieces.filter((value) => value.length < WITHIN_WORDS));
  const written = new Set(pieces.filter((value) => value.length >= WITHIN_WORDS).flatMap(formsOf));
  const plainWords = plainForms(words, shortest);
  const plain = plainForms(written, shortest);
  return (text) => {
    const form = plainForm(text);
    const found = /* @__PURE__ */ __name((values2, inPlainForm) => [
      ...spansOf(text, values2),
      ...form.places === null ? spansOf(text, inPlainForm) : placed(form.places, spansOf(form.text, inPlainForm))
    ], "found");
    return masked(text, [...found(written, plain), ...found(words, plainWords).filter((span) => isWord(text, span))]);
  };
}
__name(redactor, "redactor");
function redactLines(lines, redact2) {
  return lines.length === 0 ? [] : redact2(lines.map((line) => line.replaceAll("\n", " ")).join("\n")).split("\n");
}
__name(redactLines, "redactLines");
function piecesOf(value) {
  const lines = value.includes("\n") ? [value, ...value.split("\n").map((line) => line.trim())] : [value];
  return [...lines, ...passwordsOf(value)].flatMap((line) => {
    const characters = [...line];
    const count = Math.max(1, Math.floor(characters.length / PIECE));
    return Array.from(
      { length: count },
      (_, at) => characters.slice(at * PIECE, at === count - 1 ? void 0 : (at + 1) * PIECE).join("")
    );
  });
}
__name(piecesOf, "piecesOf");
function passwordsOf(value) {
  const [, user, password = ""] = /^[a-z][a-z0-9+.-]{0,30}:\/\/([^\s:/?#@]{0,200}):([^\s/?#]{6,500})@/i.exec(value) ?? [];
  return password === "" || password === user ? [] : [password, plainForm(password).text];
}
__name(passwordsOf, "passwordsOf");
function formsOf(value) {
  const hex = Buffer.from(value).toString("hex");
  const digits = [...base64Forms(value), hex, hex.toUpperCase()].filter((form) => form.length >= WITHIN_WORDS);
  return [value, value.toLowerCase(), ...digits];
}
__name(formsOf, "formsOf");
function base64Forms(value) {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
    const encoded = bytes.toString("base64").slice(shift === 0 ? 0 : shift + 1).replace(/=+$/, "");
    const stable = bytes.length % 3 === 0 ? encoded : encoded.slice(0, -1);
    return [stable, stable.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
__name(base64Forms, "base64Forms");
function plainForms(values, shortest) {
  const forms = [...values].map((value) => plainForm(value).text);
  return new Set(forms.filter((form) => form.trim().length >= shortest));
}
__name(plainForms, "plainForms");
function spansOf(text, values) {
  const spans = [];
  for (const value of values)
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
      spans.push({ from: at, to: at + value.length });
  return spans;
}
__name(spansOf, "spansOf");
function placed({ from, to }, spans) {
  return spans.map((span) => ({ from: from[span.from] ?? 0, to: to[span.to - 1] ?? 0 }));
}
__name(placed, "placed");
function isWord(text, { from, to }) {
  const before = /[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, from - 2), from));
  const after = /^[\p{L}\p{N}_]/u.test(text.slice(to, to + 2));
  return !before && !after && !text.slice(from, to).includes("\n");
}
__name(isWord, "isWord");
function masked(text, spans) {
  const parts = [];
  let read = 0;
  for (const { from, to } of joined(spans)) {
    const ends = text.slice(from, to).match(/\r?\n/g) ?? [];
    parts.push(text.slice(read, from), [MASK, ...ends.map((end) => `${end}${MASK}`)].join(""));
    read = to;
  }
  return read === 0 ? text : `${parts.join("")}${text.slice(read)}`;
}
__name(masked, "masked");
function joined(spans) {
  const together = [];
  for (const span of spans.sort((one, other) => one.from - other.from)) {
    const last = together.at(-1);
    if (last === void 0 || span.from > last.to) together.push(span);
    else if (span.to > last.to) together[together.length - 1] = { from: last.from, to: span.to };
  }
  return together;
}
__name(joined, "joined");

export {
  redact,
  redactor,
  redactLines
};
