import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  nearest
} from "./shared.core.config.app.mjs";
import {
  soundsSecret
} from "./shared.core.config.fields.mjs";
import {
  version
} from "./shared.core.version.mjs";
import {
  lineWords,
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/environment/mask.ts
function mask(value) {
  return `\u2022\u2022\u2022\u2022 ${lengthClass(value.length)}`;
}
__name(mask, "mask");
function lengthClass(length) {
  if (length < 16) return "under 16";
  if (length < 32) return "16 to 31";
  if (length < 64) return "32 to 63";
  return "64 or more";
}
__name(lengthClass, "lengthClass");

// core/environment/address.ts
function readAddress(value) {
  if (/[\s\u0000-\u001f\u007f]/.test(value)) return null;
  let url;
  try {
    url = new URL(value);
  } catch {
    return null;
  }
  return {
    scheme: url.protocol.slice(0, -1).replace(/\+.*$/, "").toLowerCase(),
    host: decoded(url.hostname).toLowerCase(),
    port: url.port,
    database: decoded(url.pathname.replace(/^\//, "")),
    password: decoded(url.password)
  };
}
__name(readAddress, "readAddress");
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
__name(decoded, "decoded");

// core/environment/entropy.ts
function entropyBits(value) {
  const characters = [...piece(value)];
  const counts = /* @__PURE__ */ new Map();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  let perCharacter = 0;
  for (const count of counts.values()) {
    const share = count / characters.length;
    perCharacter -= share * Math.log2(share);
  }
  return perCharacter * unforeseen(characters);
}
__name(entropyBits, "entropyBits");
function piece(value) {
  const again = (value + value).indexOf(value, 1);
  return again === -1 ? value : value.slice(0, again);
}
__name(piece, "piece");
function unforeseen(characters) {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const step = /* @__PURE__ */ __name((index) => (codes[index] ?? 0) - (codes[index - 1] ?? 0), "step");
  return codes.filter((_, index) => index < 2 || step(index) !== step(index - 1) || Math.abs(step(index)) > 1).length;
}
__name(unforeseen, "unforeseen");

// core/environment/placeholder.ts
var ANYWHERE = [
  /change[-_ .]?(me|it|this)/i,
  /replace[-_ .]?(me|it|this|with)/i,
  /(?<![a-z0-9])(your|my)[-_ .]/i,
  /^(your|insert|enter|put)[-_ .]?[a-z]*(key|token|secret|password|value|url|id)/i,
  /(?<![a-z])examples?(?![a-z])/i,
  /placeholder/i,
  /(?<![a-z0-9])(todo|fixme|tbd|dummy)(?![a-z0-9])/i,
  /(?<![a-z0-9])x{3,}(?![a-z0-9])|x{6,}/i,
  /^<.*>$|<[a-z][a-z _-]{2,}>/i,
  /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}/,
  /\*{3,}|\.{3,}|…/
];
var WORDS = /* @__PURE__ */ new Set([
  "password",
  "passwd",
  "passw0rd",
  "pass",
  "secret",
  "token",
  "key",
  "apikey",
  "test",
  "testing",
  "admin",
  "root",
  "user",
  "default",
  "none",
  "null",
  "nil",
  "undefined",
  "unknown",
  "empty",
  "foo",
  "bar",
  "foobar",
  "sample",
  "demo",
  "abc",
  "abc123",
  "hunter2",
  "letmein",
  "qwerty",
  "postgres"
]);
function isPlaceholder(value, secret) {
  return ANYWHERE.some((pattern) => pattern.test(value)) || secret && isFirstGuess(value);
}
__name(isPlaceholder, "isPlaceholder");
function isFirstGuess(value) {
  return WORDS.has(value.toLowerCase()) || /^(.)\1{3,}$|^12345\d*$/.test(value);
}
__name(isFirstGuess, "isFirstGuess");

// core/environment/rules.ts
var OTHER_ENVIRONMENT = "the value of another environment? If it is right, correct the rule in tollgate.yaml";
var HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u201c\u201d\u2018\u2019]/;
function judgeValue(name, value, rule) {
  const secret = soundsSecret(name) || (rule.minEntropy ?? 0) > 0;
  return [...written(value), ...placeholder(value, secret), ...whole(value, rule), ...form(value, rule)];
}
__name(judgeValue, "judgeValue");
function written(value) {
  const problems = [];
  if (value !== value.trim())
    problems.push({
      code: "blanks-around",
      message: "begins or ends with a blank",
      next: "take the blank out: it is inside the quotes"
    });
  if (/^(["'`]).*\1$/s.test(value.trim()))
    problems.push({
      code: "quotes-inside",
      message: "is in quotes twice: the inner ones are part of the value",
      next: "leave one pair of quotes"
    });
  if (HIDDEN.test(value))
    problems.push({
      code: "hidden-characters",
      message: "has characters that cannot be seen or typed",
      next: "type it again: it came by copy and paste"
    });
  return problems;
}
__name(written, "written");
function placeholder(value, secret) {
  if (!isPlaceholder(value, secret)) return [];
  return [{ code: "placeholder", message: "is a placeholder: nobody has put in the real value", next: "put in the real one" }];
}
__name(placeholder, "placeholder");
function whole(value, rule) {
  const problems = [];
  const next = rule.expected === void 0 ? "correct it" : `expected: ${rule.expected}`;
  const { startsWith = [], notStartsWith = [], oneOf = [], minLength = 0, minEntropy = 0 } = rule;
  if (startsWith.length > 0 && !startsWith.some((beginning) => value.startsWith(beginning)))
    problems.push({ code: "wrong-beginning", message: `does not begin with ${either(startsWith)}`, next: OTHER_ENVIRONMENT });
  const forbidden = notStartsWith.filter((beginning) => value.startsWith(beginning));
  if (forbidden.length > 0)
    problems.push({ code: "wrong-beginning", message: `begins with ${either(forbidden)}`, next: OTHER_ENVIRONMENT });
  if (oneOf.length > 0 && !oneOf.some((allowed) => allowed.toLowerCase() === value.toLowerCase()))
    problems.push({ code: "not-allowed", message: `is not ${either(oneOf)}`, next: "write one of them" });
  if (rule.pattern !== void 0 && !new RegExp(`^(?:${rule.pattern})$`, "su").test(value))
    problems.push({
      code: "wrong-form",
      message: rule.expected === void 0 ? "does not match its pattern in tollgate.yaml" : "does not have the form it must have",
      next
    });
  if (value.length < minLength) problems.push({ code: "too-short", message: `has fewer than ${minLength} characters`, next });
  const bits = Math.floor(entropyBits(value));
  if (bits < minEntropy)
    problems.push({
      code: "too-guessable",
      message: `can be guessed: it has less than the ${minEntropy} bits of entropy that are asked`,
      next: "make a random one: openssl rand -hex 32"
    });
  return problems;
}
__name(whole, "whole");
function form(value, rule) {
  const { url = [], contains = [] } = rule;
  const address = readAddress(value);
  if (url.length > 0) {
    if (address === null) return [notAUrl("is not a URL", url)];
    if (!url.includes(address.scheme))
      return [notAUrl(`is not a URL that begins with ${either(url.map((scheme) => `${scheme}://`))}`, url)];
    if (address.host === "") return [notAUrl("is a URL without a host", url)];
  }
  return [...weakPassword(address), ...parts(value, contains, address)];
}
__name(form, "form");
function notAUrl(message, schemes) {
  return {
    code: "not-a-url",
    message,
    next: `expected ${schemes[0] ?? "https"}://\u2026; escape characters of a password such as @ : / # by %40 and so on`
  };
}
__name(notAUrl, "notAUrl");
function weakPassword(address) {
  if (address === null || !isFirstGuess(address.password)) return [];
  return [
    {
      code: "placeholder",
      message: "has a password in it that everybody tries first",
      next: "give the account a random password"
    }
  ];
}
__name(weakPassword, "weakPassword");
function parts(value, contains, address) {
  if (contains.length === 0) return [];
  const places = address === null || address.host === "" ? [value] : [address.host, address.database];
  const found = contains.some((part) => places.some((place2) => place2.toLowerCase().includes(part.toLowerCase())));
  if (found) return [];
  const where = address === null || address.host === "" ? "does not contain" : "neither its host nor its database's name contains";
  return [{ code: "wrong-part", message: `${where} ${either(contains)}`, next: OTHER_ENVIRONMENT }];
}
__name(parts, "parts");
function either(texts) {
  return texts.length < 2 ? texts[0] ?? "" : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
}
__name(either, "either");

// core/environment/sharing.ts
var SHORTEST_ELSEWHERE = 8;
function sharedWith(name, value, there, other) {
  const problems = [];
  const twin = there.get(name);
  if (twin !== void 0 && same(value, twin)) return [shared(`has the same value in ${other}`)];
  if (value.trim().length >= SHORTEST_ELSEWHERE) {
    const elsewhere = [...there].filter(([one, its2]) => one !== name && same(value, its2)).map(([one]) => one);
    if (elsewhere.length > 0) problems.push(shared(`has the value that ${elsewhere.join(", ")} has in ${other}`));
  }
  const here = readAddress(value);
  const its = twin === void 0 ? null : readAddress(twin);
  if (here === null || its === null) return problems;
  if (here.host !== "" && here.database !== "" && place(here) === place(its))
    problems.push(shared(`leads to the same database as in ${other}`));
  if (here.password !== "" && here.password === its.password) problems.push(shared(`has the same password in it as in ${other}`));
  return problems;
}
__name(sharedWith, "sharedWith");
function mayBeShared(name, variable) {
  return variable === void 0 ? !soundsSecret(name) : variable.rule.shared === true;
}
__name(mayBeShared, "mayBeShared");
function same(one, other) {
  return one.trim() !== "" && one.trim() === other.trim();
}
__name(same, "same");
function place({ host, port, database }) {
  return `${host}:${port}/${database.replace(/\/.*$/, "")}`;
}
__name(place, "place");
function shared(message) {
  return { code: "shared", message, next: "give this environment one of its own" };
}
__name(shared, "shared");

// core/environment/judge.ts
function judgeConfig(question) {
  const { settings, given } = question;
  const known = new Map(settings.variables.map((variable) => [variable.name, variable]));
  const unknown = [...given.values.keys()].filter((name) => !known.has(name));
  const slips = new Map(unknown.map((name) => [name, slipOf(name, settings.variables, given)]));
  const variables = settings.variables.map((variable) => judgeVariable(variable, question, slips));
  const unused = unknown.map(
    (name) => ({
      name,
      meant: slips.get(name) ?? null,
      problems: commonValue(name, given.values.get(name) ?? "", void 0, question)
    })
  );
  const file = [
    ...fileProblems(given, ""),
    ...question.against === null ? [] : fileProblems(question.against.given, `${question.against.environment}'s: `)
  ];
  const problems = [...variables, ...unused].reduce((sum, one) => sum + one.problems.length, 0) + file.length;
  return {
    tollgateVersion: version,
    environment: question.environment,
    comparedWith: question.against?.environment ?? null,
    example: question.example !== null,
    variables,
    unused,
    file,
    verdict: problems === 0 ? { kind: "sound" } : { kind: "red", problems }
  };
}
__name(judgeConfig, "judgeConfig");
function slipOf(name, variables, given) {
  return nearest(
    name,
    variables.map((variable) => variable.name).filter((one) => isBlank(given.values.get(one)))
  );
}
__name(slipOf, "slipOf");
function judgeVariable(variable, question, slips) {
  const { name, need, rule } = variable;
  const { values, entries, repeated } = question.given;
  const value = values.get(name);
  if (value === void 0 || isBlank(value)) {
    const source = variable.default === null ? "none" : "default";
    const lacking = source === "none" && need === "required" ? [absent(name, value !== void 0, slips)] : [];
    const wrong = variable.default === null ? [] : judgeValue(name, variable.default, rule);
    return { name, need, source, shown: variable.default ?? "", problems: [...lacking, ...wrong] };
  }
  const problems = [];
  const twice = repeated.find((one) => one.name === name);
  if (twice !== void 0)
    problems.push({
      code: "repeated",
      message: `is given ${twice.lines.length} times, on ${lineWords(twice.lines)}: the last one counts`,
      next: "keep one"
    });
  const entry = entries.get(name);
  if (entry?.cutAtHash === true)
    problems.push({
      code: "cut-at-hash",
      message: `ends at a # on line ${entry.line}: dotenv takes the rest for a comment`,
      next: "put the value in single quotes"
    });
  if (entry?.quoteLeftOpen === true)
    problems.push({
      code: "quote-left-open",
      message: `begins with a quote that is not closed as it should be, on line ${entry.line}`,
      next: "close it, and let nothing but a comment follow"
    });
  const swallowed = namesWithin(value, question.settings.variables);
  if (swallowed.length > 0)
    problems.push({
      code: "swallows-lines",
      message: `goes on to line ${entry?.lastLine ?? 0}, over ${swallowed.join(", ")}`,
      next: "close its quote"
    });
  problems.push(...judgeValue(name, value, rule));
  if (rule.example !== true && question.example?.get(name) === value)
    problems.push({
      code: "example-value",
      message: "has the value of .env.example, which everybody can read",
      next: "put in the real one"
    });
  problems.push(...commonValue(name, value, variable, question));
  return { name, need, source: "given", shown: mask(value), problems };
}
__name(judgeVariable, "judgeVariable");
function namesWithin(value, variables) {
  const further = value.split("\n").slice(1);
  return variables.map(({ name }) => name).filter(
    (name) => further.some(
      (line) => line.replace(/^\s*(export\s+)?/, "").replace(/\s+/g, "").startsWith(`${name}=`)
    )
  );
}
__name(namesWithin, "namesWithin");
function absent(name, empty, slips) {
  const slip = [...slips].find(([, meant]) => meant === name)?.[0];
  const next = slip === void 0 ? "give it" : `${slip} is given, and nothing reads it: is it a slip of this name?`;
  return empty ? { code: "empty", message: "is given, and empty", next } : { code: "missing", message: "is missing", next };
}
__name(absent, "absent");
function commonValue(name, value, variable, { against }) {
  if (against === null || mayBeShared(name, variable)) return [];
  return sharedWith(name, value, against.given.values, against.environment);
}
__name(commonValue, "commonValue");
function fileProblems({ malformed, values, unreadable }, whose) {
  const problems = [];
  if (values.size === 0)
    problems.push({
      code: "nothing-given",
      message: `${whose}the secret holds no assignment at all`,
      next: "expected lines such as NAME=value, in dotenv form"
    });
  if (malformed.length > 0) {
    const [are, them] = malformed.length === 1 ? ["is", "it"] : ["are", "them"];
    problems.push({
      code: "malformed-line",
      message: `${whose}${lineWords(malformed)} ${are} no assignment, and dotenv skips ${them} without a word`,
      next: "write NAME=value, or begin a comment with #"
    });
  }
  if (unreadable)
    problems.push({
      code: "unreadable",
      message: `${whose}the text has line ends of a kind that dotenv takes for none`,
      next: "save it with plain line ends"
    });
  return problems;
}
__name(fileProblems, "fileProblems");
function isBlank(value) {
  return value === void 0 || value.trim() === "";
}
__name(isBlank, "isBlank");

// core/environment/check.ts
var EXAMPLE_FILE = ".env.example";
function checkConfig(settings, environment, texts) {
  return judgeConfig({
    environment,
    settings: environmentSettings(settings, environment),
    given: readDotenv(texts.given),
    against: texts.against === null ? null : { environment: otherEnvironment(environment), given: readDotenv(texts.against) },
    example: texts.example === null ? null : readDotenv(texts.example).values
  });
}
__name(checkConfig, "checkConfig");
function environmentSettings(settings, environment) {
  const found = Object.hasOwn(settings.environments, environment) ? settings.environments[environment] : void 0;
  if (found !== void 0) return found;
  const known = Object.keys(settings.environments);
  const meant = nearest(environment, known);
  throw new TollgateError(
    "environment-unknown",
    "tollgate.yaml has no environment of that name.",
    `${meant === null ? "" : `Did you mean ${meant}? `}It has: ${known.join(", ")}. Add others under \`environments\`.`
  );
}
__name(environmentSettings, "environmentSettings");
function otherEnvironment(environment) {
  switch (environment) {
    case "production":
      return "staging";
    case "staging":
      return "production";
    default:
      return "the other environment";
  }
}
__name(otherEnvironment, "otherEnvironment");

export {
  EXAMPLE_FILE,
  checkConfig,
  environmentSettings
};
