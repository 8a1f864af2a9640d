import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/shared/nearest.ts
function bare(key) {
  return key.toLowerCase().replace(/[-_\s]/g, "");
}
__name(bare, "bare");
function nearest(name, candidates) {
  const wanted = bare(name);
  const near = candidates.map((candidate) => ({ candidate, slips: distanceBetween(wanted, bare(candidate)) })).filter(({ candidate, slips }) => slips <= Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3))).sort((one, other) => one.slips - other.slips);
  return near[0]?.candidate ?? null;
}
__name(nearest, "nearest");
function distanceBetween(from, to) {
  let before = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (current[column - 1] ?? Infinity) + 1,
        (above[column] ?? Infinity) + 1,
        (above[column - 1] ?? Infinity) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity
      );
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? Infinity;
}
__name(distanceBetween, "distanceBetween");

// core/config/problem.ts
var SettingsError = class extends TollgateError {
  static {
    __name(this, "SettingsError");
  }
  problems;
  constructor(file, problems) {
    const sorted = [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
    const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
    super(
      "settings",
      [`${file} has ${count}:`, ...sorted.map((problem) => printProblem(file, problem))].join("\n"),
      "Nothing was run. docs/tollgate.example.yaml of Tollgate explains every key."
    );
    this.name = "SettingsError";
    this.problems = sorted;
  }
};
function printProblem(file, { path, line, column, message, suggestion }) {
  const parts = [`${file}:${line}:${column}`, path, message].filter((part) => part !== "");
  return parts.join("  ") + (suggestion === null ? "" : `
    ${suggestion}`);
}
__name(printProblem, "printProblem");
function quoted(text2) {
  return JSON.stringify(text2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  );
}
__name(quoted, "quoted");
function printPath(path) {
  return path.reduce((printed, part) => {
    if (typeof part === "number") return `${printed}[${part}]`;
    const key = String(part);
    if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${printed}[${quoted(key)}]`;
    return printed === "" ? key : `${printed}.${key}`;
  }, "");
}
__name(printPath, "printPath");

// core/config/fields.ts
var always = { when: /* @__PURE__ */ __name(() => true, "when") };
function withHint(message, hint) {
  return hint === null ? message : `${message}
${hint}`;
}
__name(withHint, "withHint");
function expected(what, hint = () => null) {
  return ({ input, path }) => input === void 0 ? `is required: expected ${what}` : withHint(`expected ${what}, got ${show(path ?? [], input)}`, hint(input));
}
__name(expected, "expected");
var SECRET_NAME = /pass|secret|token|key|credential|private|authorization|cookie|(^|_)iv$/i;
function soundsSecret(name) {
  return SECRET_NAME.test(name);
}
__name(soundsSecret, "soundsSecret");
function show(path, input) {
  if (input === null) return "nothing";
  if (Array.isArray(input)) return input.length === 0 ? "an empty list" : "a list";
  if (typeof input === "object") return "a mapping";
  if (path.some((part) => typeof part === "string" && soundsSecret(part))) return "a value that is not shown here";
  const shown = typeof input === "string" ? quoted(input) : String(input);
  return shown.length > 80 ? `${shown.slice(0, 76)}\u2026"` : shown;
}
__name(show, "show");
var quoteIt = /* @__PURE__ */ __name((input) => typeof input === "number" || typeof input === "boolean" ? "put it in quotes to make it a text" : null, "quoteIt");
function text(what, pattern = /\S/, hint = () => null) {
  const error = expected(what, (input) => hint(input) ?? quoteIt(input));
  return external_exports.string({ error }).regex(pattern, { error });
}
__name(text, "text");
function mapping(what, shape) {
  return external_exports.strictObject(shape, {
    error: expected(what, (input) => input === null ? "fill it in, or remove the key" : null)
  });
}
__name(mapping, "mapping");
function listError(what) {
  return expected(what, (input) => {
    if (input === null) return "fill it in, write [] for none, or remove the key";
    return typeof input === "object" ? null : "write a list: one line that begins with `- ` for each entry";
  });
}
__name(listError, "listError");
function sequence(what, item) {
  return external_exports.array(item, { error: listError(what) });
}
__name(sequence, "sequence");
function distinct(what, item) {
  return external_exports.array(item, { error: listError(what) }).superRefine(noneTwice, always).meta({ uniqueItems: true });
}
__name(distinct, "distinct");
function some(what, item, otherwise) {
  return external_exports.array(item, { error: listError(what) }).min(1, { error: otherwise }).superRefine(noneTwice, always).meta({ uniqueItems: true });
}
__name(some, "some");
function noneTwice(list, context) {
  if (!Array.isArray(list)) return;
  const first = /* @__PURE__ */ new Map();
  list.forEach((entry, index) => {
    const before = first.get(entry);
    if (before === void 0) first.set(entry, index);
    else context.addIssue({ code: "custom", path: [index], message: `is listed twice: it is the same as [${before}]` });
  });
}
__name(noneTwice, "noneTwice");
function named(what, names, value, problemOf) {
  const error = expected(what, (input) => input === null ? "fill it in, or remove the key" : null);
  return external_exports.record(external_exports.string(), value, { error }).superRefine((entries, context) => {
    for (const name of keysOf(entries)) {
      const message = problemOf(name);
      if (message !== null) context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } });
    }
  }, always).meta({ propertyNames: { type: "string", pattern: names.source } });
}
__name(named, "named");
var plainName = /^[a-z][a-z0-9-]{0,62}$/;
function plainNameProblem(what) {
  return (name) => {
    if (plainName.test(name)) return null;
    if (name.length > 63)
      return `is too long for a name of a ${what}: it has ${name.length} characters, at most 63 are allowed`;
    const better = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");
    const problem = `is not a name for a ${what}: expected lower-case letters, digits and -, beginning with a letter`;
    return withHint(problem, better === "" ? null : `write ${better}`);
  };
}
__name(plainNameProblem, "plainNameProblem");
var INSIDE = String.raw`(?![/~]|[A-Za-z]:|(?:.*/)?\.\.(?:/|$))`;
var folderPattern = new RegExp(String.raw`^${INSIDE}[^\\*?\u0000-\u001f]+$`);
var filePattern = new RegExp(String.raw`^${INSIDE}(?!(?:.*/)?\.?$)[^\\*?\u0000-\u001f]+$`);
var testFilesPattern = new RegExp(
  String.raw`^${INSIDE}(?:[^\\:\u0000-\u001f]*[^\\:/\u0000-\u001f]\.py|(?:[^\\*?:\u0000-\u001f]*/)?[^\\*?:./\u0000-\u001f]+/?|\.)$`
);
var globPattern = new RegExp(String.raw`^${INSIDE}[^\\\u0000-\u001f]+$`);
var pathHint = /* @__PURE__ */ __name((input) => {
  if (typeof input !== "string") return null;
  if (input.includes("\\")) return "separate folders by /";
  if (/^([/~]|[A-Za-z]:)/.test(input))
    return "give it relative to the source: an absolute path is not there in the container";
  if (input.split("/").includes("..")) return "only what is inside the source can be reached";
  return null;
}, "pathHint");
function plainPath(path) {
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/") || ".";
}
__name(plainPath, "plainPath");
var folder = /* @__PURE__ */ __name((what) => text(what, folderPattern, pathHint).transform(plainPath), "folder");
var filePath = /* @__PURE__ */ __name((what, above = null) => text(
  what,
  filePattern,
  (input) => above !== null && typeof input === "string" && /^(\.\.\/)+[^.]/.test(input) ? above : pathHint(input)
).transform(plainPath), "filePath");
var testFiles = /* @__PURE__ */ __name((what) => text(what, testFilesPattern, (input) => {
  if (typeof input !== "string") return null;
  if (input.includes("::")) return "list the file; single tests cannot be listed";
  if (/[*?]/.test(input) && !input.endsWith(".py")) return "end the pattern with .py";
  return pathHint(input);
}).transform(plainPath), "testFiles");
var pathGlob = /* @__PURE__ */ __name((what) => text(what, globPattern, pathHint), "pathGlob");
var command = text("a shell command");
function hostProblem(written) {
  const [host = "", port] = written.split(":");
  const labels = host.split(".");
  const long = labels.find((label) => label.length > 63);
  if (long !== void 0) return `has a part of ${long.length} characters: a host name's parts may have 63`;
  if (host.length > 253) return `has ${host.length} characters: a host name may have 253`;
  if (labels.some((label) => label === "" || label.startsWith("-") || label.endsWith("-")))
    return "is no host name: none of its parts is empty, or begins or ends with -";
  return port !== void 0 && (Number(port) < 1 || Number(port) > 65535) ? "has no port from 1 to 65535" : null;
}
__name(hostProblem, "hostProblem");
function isHost(written, context) {
  const message = typeof written === "string" ? hostProblem(written.replace(/^[^@]*@/, "")) : null;
  if (message !== null) context.addIssue({ code: "custom", message });
}
__name(isHost, "isHost");
var containerImage = text(
  "a container image such as python:3.11-slim",
  /^[a-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/
);
var LONGEST = 24 * 60 * 60;
var durationPattern = /^(?=.*[1-9])(?:\d+h)?(?:\d+m)?(?:\d+s)?$/;
function toSeconds(duration2) {
  const count = /* @__PURE__ */ __name((unit) => Number(new RegExp(`(\\d+)${unit}`).exec(duration2)?.[1] ?? 0), "count");
  return count("h") * 3600 + count("m") * 60 + count("s");
}
__name(toSeconds, "toSeconds");
var durationHint = /* @__PURE__ */ __name((input) => {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(input));
  const [, amount = "", unit = ""] = parts ?? [];
  if (amount === "") return null;
  if (Number(amount) === 0) return "the least is 1s";
  if (amount.includes(".")) return "use whole numbers: 1h30m, not 1.5h";
  if (unit === "") return `add a unit: ${amount}s or ${amount}m`;
  if (unit.toLowerCase() === "ms") return "whole seconds are the smallest step";
  const short = unit.charAt(0).toLowerCase();
  return "hms".includes(short) ? `write ${amount}${short}` : null;
}, "durationHint");
var duration = text("a duration such as 90s or 10m", durationPattern, durationHint).refine((written) => !durationPattern.test(written) || toSeconds(written) <= LONGEST, {
  error: expected("a duration of at most 24h")
}).transform(toSeconds);
var environmentNamePattern = /^(?!(?:PYTEST_ADDOPTS|COVERAGE_PROCESS_START|COVERAGE_FILE)$|TOLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/;
function environmentNameProblem(name) {
  if (environmentNamePattern.test(name)) return null;
  switch (name) {
    case "PYTEST_ADDOPTS":
      return withHint(
        "is set by Tollgate: it loads the plugin that gathers the evidence",
        "put options for pytest into the app's own pytest.ini or pyproject.toml"
      );
    case "COVERAGE_PROCESS_START":
    case "COVERAGE_FILE":
      return withHint("is set by Tollgate, which measures coverage itself", "say what to measure under qa.coverage");
    default:
      return name.startsWith("TOLLGATE_") ? withHint("is reserved: names that begin with TOLLGATE_ are Tollgate's own", "choose another name") : "is not a name of an environment variable: expected letters, digits and _, not beginning with a digit";
  }
}
__name(environmentNameProblem, "environmentNameProblem");
var environmentName = text("a name of an environment variable").superRefine((name, context) => {
  const message = environmentNameProblem(name);
  if (message !== null && name.trim() !== "") context.addIssue({ code: "custom", message });
}).meta({ pattern: environmentNamePattern.source });
var environmentValue = external_exports.union([external_exports.string(), external_exports.number(), external_exports.boolean()], {
  error: expected("a text, a number or true/false", (input) => input === null ? 'write "" for an empty one' : null)
}).transform(String);
var environment = named(
  "a mapping of environment variables",
  environmentNamePattern,
  environmentValue,
  environmentNameProblem
);
var variablePattern = /^(?!TOLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/;
var variables = named(
  "a mapping of environment variables",
  variablePattern,
  environmentValue,
  (name) => variablePattern.test(name) ? null : environmentNameProblem(name)
);
function keysOf(value) {
  return isMapping(value) ? Object.keys(value) : [];
}
__name(keysOf, "keysOf");
function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
__name(isMapping, "isMapping");
function entryOf(value, key) {
  return isMapping(value) ? Object.getOwnPropertyDescriptor(value, key)?.value : void 0;
}
__name(entryOf, "entryOf");
function textsIn(value) {
  if (!Array.isArray(value)) return [];
  return value.flatMap(
    (entry, index) => typeof entry === "string" ? [[index, entry]] : []
  );
}
__name(textsIn, "textsIn");

export {
  bare,
  nearest,
  SettingsError,
  quoted,
  printPath,
  always,
  withHint,
  expected,
  soundsSecret,
  text,
  mapping,
  sequence,
  distinct,
  some,
  named,
  plainName,
  plainNameProblem,
  folder,
  filePath,
  testFiles,
  pathGlob,
  command,
  hostProblem,
  isHost,
  containerImage,
  duration,
  environmentName,
  environmentValue,
  environment,
  variables,
  keysOf,
  isMapping,
  entryOf,
  textsIn
};
