import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/secrets/redact.ts
var MASK = "***";
function redact(text, secrets) {
  return redactor(secrets)(text);
}
__name(redact, "redact");
var SHORTEST = 6;
function redactor(values) {
  const forms = new Set(
    values.filter((value) => value.length >= SHORTEST).flatMap(formsOf).filter((form) => form.length >= SHORTEST)
  );
  const sorted = [...forms].sort((one, other) => other.length - one.length);
  return (text) => sorted.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}
__name(redactor, "redactor");
function formsOf(value) {
  const encoded = encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  );
  const inJson = JSON.stringify(value).slice(1, -1);
  const html = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const forms = [
    value,
    ...base64Forms(value),
    encoded,
    encoded.replaceAll("%20", "+"),
    encodeURIComponent(value),
    encodeURI(value),
    encoded.replaceAll("%", "%25"),
    inJson,
    inJson.replaceAll("/", "\\/"),
    JSON.stringify(inJson).slice(1, -1),
    html,
    html.replaceAll("'", "&#39;"),
    html.replaceAll("'", "&#x27;"),
    html.replaceAll("&quot;", "&#34;"),
    Buffer.from(value).toString("hex"),
    ...value.includes("\n") ? value.split("\n").map((line) => line.trim()) : []
  ];
  return [...forms, ...forms.map((form) => form.toLowerCase())];
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

export {
  redact,
  redactor
};
