import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  holdsPublishedKey,
  holdsTestMerchant
} from "./shared.core.config.ecpay-test-merchants.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  lastOf,
  readConnectionUrl,
  readKeywords
} from "./shared.core.shared.connection-url.mjs";
import {
  lineWords,
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  nearest,
  soundsSecret
} from "./shared.core.config.fields.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
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
var DEFAULT_PORTS = {
  postgres: "5432",
  postgresql: "5432",
  pgsql: "5432",
  psql: "5432",
  postgis: "5432",
  timescale: "5432",
  timescalegis: "5432",
  redis: "6379",
  rediss: "6379",
  valkey: "6379",
  valkeys: "6379"
};
function readAddress(value) {
  const reading = readWhere(value);
  return reading.kind === "read" ? reading.address : null;
}
__name(readAddress, "readAddress");
function readWhere(value) {
  const keywords = readKeywords(value);
  if (keywords !== null) return { kind: "read", address: addressOf(keywords) };
  if (/^(https?|wss?):/i.test(value)) return ofTheWeb(value);
  const reading = readConnectionUrl(value);
  return reading.kind === "read" ? { kind: "read", address: addressOf(reading.url) } : reading;
}
__name(readWhere, "readWhere");
function addressOf({ scheme, driver, hosts, database, password, parameters }) {
  const byFile = hosts.length === 0 && (scheme === "unix" || /^(socket|unix)$/i.test(driver ?? ""));
  if (byFile) {
    const path = `/${database}`;
    const number = lastOf(parameters, "db") ?? lastOf(parameters, "virtual_host") ?? "0";
    return { scheme, hosts: [path], servers: [path], database: number, service: "", password };
  }
  const there = hosts.filter(({ host }) => host !== "").map(({ host, port }) => ({ host: host.toLowerCase(), port: port === "" ? DEFAULT_PORTS[scheme] ?? "" : port }));
  return {
    scheme,
    hosts: there.map(({ host }) => host),
    servers: there.map(({ host, port }) => `${host}:${port}`),
    database,
    service: lastOf(parameters, "service") ?? "",
    password
  };
}
__name(addressOf, "addressOf");
function ofTheWeb(value) {
  if (/[\s\u0000-\u001f\u007f]/.test(value) || !URL.canParse(value)) return { kind: "unreadable", why: "is not a URL" };
  const url = new URL(value);
  const host = url.hostname.toLowerCase();
  const password = decodedOrWritten(url.password);
  return {
    kind: "read",
    address: {
      scheme: url.protocol.slice(0, -1),
      hosts: [host],
      servers: [`${host}:${url.port}`],
      database: url.pathname.replace(/^\//, ""),
      service: "",
      password
    }
  };
}
__name(ofTheWeb, "ofTheWeb");
function decodedOrWritten(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
__name(decodedOrWritten, "decodedOrWritten");

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
  return perCharacter * unpredictable(characters);
}
__name(entropyBits, "entropyBits");
function piece(value) {
  const again = (value + value).indexOf(value, 1);
  return again === -1 ? value : value.slice(0, again);
}
__name(piece, "piece");
function unpredictable(characters) {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const step = /* @__PURE__ */ __name((index) => (codes[index] ?? 0) - (codes[index - 1] ?? 0), "step");
  return codes.filter((_, index) => index < 2 || step(index) !== step(index - 1) || Math.abs(step(index)) > 1).length;
}
__name(unpredictable, "unpredictable");

// core/environment/placeholder.ts
var ANYWHERE = [
  /change[-_ .]?(me|it|this)/i,
  /replace[-_ .]?(me|it|this|with)/i,
  /(?<![a-z0-9])your[-_ .]/i,
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
function isSomebodys(secret) {
  return /(?<![a-z0-9])my[-_ .]/i.test(secret);
}
__name(isSomebodys, "isSomebodys");
function isFirstGuess(value) {
  return WORDS.has(value.toLowerCase()) || /^(.)\1{3,}$|^12345\d*$/.test(value);
}
__name(isFirstGuess, "isFirstGuess");

// core/environment/rules.ts
var OTHER_ENVIRONMENT = "is this the value of another environment? If it is right, correct the rule in tollgate.yaml";
var HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u201c\u201d\u2018\u2019]/;
function judgeValue(name, value, rule, surroundings) {
  const secret = soundsSecret(name) || (rule.minEntropy ?? 0) > 0;
  const published = surroundings.production ? ofEcpaysTests(name, value) : [];
  const others = whole(value, rule).filter(({ code }) => published.length === 0 || code !== "wrong-beginning");
  return [...written(value), ...placeholder(value, secret), ...published, ...others, ...form(value, rule, surroundings)];
}
__name(judgeValue, "judgeValue");
var CALLED_MERCHANT = /merchant|ecpay/i;
function ofEcpaysTests(name, value) {
  const next = "use your own merchant's, from ECPay's vendor site";
  if (holdsPublishedKey(value))
    return [
      {
        code: "published",
        message: "contains a HashKey or HashIV that ECPay has published: anyone can sign with it",
        next
      }
    ];
  if (CALLED_MERCHANT.test(name) && holdsTestMerchant(value))
    return [{ code: "published", message: "is one of ECPay's public test merchants", next }];
  return [];
}
__name(ofEcpaysTests, "ofEcpaysTests");
function written(value) {
  const problems = [];
  if (value !== value.trim())
    problems.push({
      code: "blanks-around",
      message: "begins or ends with whitespace",
      next: "remove the whitespace inside the quotes"
    });
  if (/^(["'`]).*\1$/s.test(value.trim()))
    problems.push({
      code: "quotes-inside",
      message: "is quoted twice: the inner quotes are part of the value",
      next: "remove one pair of quotes"
    });
  if (HIDDEN.test(value))
    problems.push({
      code: "hidden-characters",
      message: "contains invisible characters",
      next: "type it again instead of pasting it"
    });
  return problems;
}
__name(written, "written");
function placeholder(value, secret) {
  const address = readAddress(value);
  const key = address === null || address.hosts.length === 0 ? secret ? value : "" : address.password;
  if (!isPlaceholder(value, secret) && !isSomebodys(key)) return [];
  return [{ code: "placeholder", message: "is a placeholder", next: "set the real value" }];
}
__name(placeholder, "placeholder");
function whole(value, rule) {
  const problems = [];
  const next = rule.expected === void 0 ? "correct it" : `expected: ${rule.expected}`;
  const { startsWith = [], notStartsWith = [], oneOf = [], minLength = 0, minEntropy = 0 } = rule;
  if (startsWith.length > 0 && !startsWith.some((beginning) => value.startsWith(beginning)))
    problems.push({
      code: "wrong-beginning",
      message: `does not begin with ${either(startsWith)}`,
      next: OTHER_ENVIRONMENT
    });
  const forbidden = notStartsWith.filter((beginning) => value.startsWith(beginning));
  if (forbidden.length > 0)
    problems.push({ code: "wrong-beginning", message: `begins with ${either(forbidden)}`, next: OTHER_ENVIRONMENT });
  if (oneOf.length > 0 && !oneOf.some((allowed) => allowed.toLowerCase() === value.toLowerCase()))
    problems.push({ code: "not-allowed", message: `is not ${either(oneOf)}`, next: "use one of them" });
  if (rule.pattern !== void 0 && !new RegExp(`^(?:${rule.pattern})$`, "su").test(value))
    problems.push({
      code: "wrong-form",
      message: rule.expected === void 0 ? "does not match its pattern in tollgate.yaml" : "does not have the expected form",
      next
    });
  if (value.length < minLength)
    problems.push({ code: "too-short", message: `has fewer than ${minLength} characters`, next });
  const bits = Math.floor(entropyBits(value));
  if (bits < minEntropy)
    problems.push({
      code: "too-guessable",
      message: `is easy to guess: it has less than the required ${minEntropy} bits of entropy`,
      next: "generate a random one: openssl rand -hex 32"
    });
  return problems;
}
__name(whole, "whole");
function form(value, rule, { serverElsewhere }) {
  const { url = [], contains = [] } = rule;
  const reading = readWhere(value);
  const address = reading.kind === "read" ? reading.address : null;
  if (url.length > 0) {
    if (reading.kind === "unreadable") return [notAUrl(reading.why, url)];
    if (!url.includes(reading.address.scheme))
      return [notAUrl(`is not a URL that begins with ${either(url.map((scheme) => `${scheme}://`))}`, url)];
    if (!leadsSomewhere(reading.address) && !serverElsewhere) return [notAUrl("is a URL without a host", url)];
  }
  return [...weakPassword(address), ...parts(value, contains, address)];
}
__name(form, "form");
function notAUrl(message, schemes) {
  return {
    code: "not-a-url",
    message,
    next: `expected ${schemes[0] ?? "https"}://\u2026; percent-encode characters such as @ : / in a password`
  };
}
__name(notAUrl, "notAUrl");
function leadsSomewhere({ hosts, service }) {
  return hosts.length > 0 || service !== "";
}
__name(leadsSomewhere, "leadsSomewhere");
function weakPassword(address) {
  if (address === null || !isFirstGuess(address.password)) return [];
  return [
    {
      code: "placeholder",
      message: "contains a password that is a common first guess",
      next: "give the account a random password"
    }
  ];
}
__name(weakPassword, "weakPassword");
function parts(value, contains, address) {
  if (contains.length === 0) return [];
  const known = address !== null && (leadsSomewhere(address) || address.database !== "");
  const places = known ? [...address.hosts, address.database, address.service] : [value];
  const found = contains.some((part) => places.some((place) => place.toLowerCase().includes(part.toLowerCase())));
  if (found) return [];
  const where = known ? "neither its host nor its database's name contains" : "does not contain";
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
  if (sameDatabase(here, its)) problems.push(shared(`points to the same database as in ${other}`));
  if (here.password !== "" && here.password === its.password)
    problems.push(shared(`contains the same password as in ${other}`));
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
function sameDatabase(one, other) {
  if (one.service !== "" && one.service === other.service) return true;
  const name = /* @__PURE__ */ __name(({ database }) => database.replace(/\/.*$/, ""), "name");
  return name(one) !== "" && name(one) === name(other) && one.servers.some((server) => other.servers.includes(server));
}
__name(sameDatabase, "sameDatabase");
function shared(message) {
  return { code: "shared", message, next: "give this environment its own" };
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
      problems: judgeUnused(name, question)
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
    verdict: problems === 0 ? { kind: "passed" } : { kind: "failed", problems }
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
  const { values } = question.given;
  const value = values.get(name);
  const surroundings = surroundingsOf(question);
  if (value === void 0 || isBlank(value)) {
    const source = variable.default === null ? "none" : "default";
    const written2 = writingProblems(name, question);
    const lacking = source === "none" && need === "required" && written2.length === 0 ? [absent(name, value !== void 0, slips)] : [];
    const wrong = variable.default === null ? [] : judgeValue(name, variable.default, rule, surroundings);
    return { name, need, source, shown: variable.default ?? "", problems: [...written2, ...lacking, ...wrong] };
  }
  const problems = [...writingProblems(name, question), ...judgeValue(name, value, rule, surroundings)];
  if (rule.example !== true && question.example?.get(name) === value)
    problems.push({
      code: "example-value",
      message: "has the value of .env.example, which is public",
      next: "set the real value"
    });
  problems.push(...commonValue(name, value, variable, question));
  return { name, need, source: "given", shown: mask(value), problems };
}
__name(judgeVariable, "judgeVariable");
function judgeUnused(name, question) {
  const value = question.given.values.get(name) ?? "";
  return [
    ...nameProblems(name),
    ...writingProblems(name, question),
    ...question.settings.production ? ofEcpaysTests(name, value) : [],
    ...commonValue(name, value, void 0, question)
  ];
}
__name(judgeUnused, "judgeUnused");
function surroundingsOf({ settings, given }) {
  return {
    production: settings.production,
    serverElsewhere: ["PGHOST", "PGHOSTADDR", "PGSERVICE"].some((name) => !isBlank(given.values.get(name)))
  };
}
__name(surroundingsOf, "surroundingsOf");
var NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
var OF_THE_SHELL = /* @__PURE__ */ new Set(["UID", "EUID", "PPID", "BASHOPTS", "BASH_VERSINFO", "SHELLOPTS", "OPTIND"]);
function nameProblems(name) {
  if (!NAME.test(name))
    return [
      {
        code: "not-a-name",
        message: "is not a valid shell variable name",
        next: "use letters, digits and _, and do not begin with a digit"
      }
    ];
  if (OF_THE_SHELL.has(name))
    return [{ code: "not-a-name", message: "is reserved by the shell", next: "use another name" }];
  return [];
}
__name(nameProblems, "nameProblems");
function writingProblems(name, { given, settings }) {
  const problems = [];
  const twice = given.repeated.find((one) => one.name === name);
  if (twice !== void 0)
    problems.push({
      code: "repeated",
      message: `is set ${twice.lines.length} times, on ${lineWords(twice.lines)}: the last one wins`,
      next: "remove the others"
    });
  const entry = given.entries.get(name);
  if (entry?.cutAtHash === true)
    problems.push({
      code: "cut-at-hash",
      message: isBlank(given.values.get(name)) ? `is empty: its value on line ${entry.line} begins with #, which starts a comment in dotenv` : `ends at a # on line ${entry.line}: dotenv treats the rest as a comment`,
      next: "put the value in single quotes, or write a space before and after the # of a comment"
    });
  if (entry?.quoteLeftOpen === true)
    problems.push({
      code: "quote-left-open",
      message: `begins with a quote that is not closed, on line ${entry.line}`,
      next: "close the quote; only a comment may follow it"
    });
  const swallowed = namesWithin(given.values.get(name) ?? "", settings.variables);
  if (swallowed.length > 0)
    problems.push({
      code: "swallows-lines",
      message: `continues to line ${entry?.lastLine ?? 0} and contains the assignment of ${swallowed.join(", ")}`,
      next: "close the quote"
    });
  return problems;
}
__name(writingProblems, "writingProblems");
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
  const next = slip === void 0 ? "set it" : `${slip} is set but not used: is it a typo of this name?`;
  return empty ? { code: "empty", message: "is empty", next } : { code: "missing", message: "is missing", next };
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
      message: `${whose}the secret contains no assignment`,
      next: "expected dotenv lines such as NAME=value"
    });
  if (malformed.length > 0) {
    const [are, them] = malformed.length === 1 ? ["is not an assignment", "it"] : ["are not assignments", "them"];
    problems.push({
      code: "malformed-line",
      message: `${whose}${lineWords(malformed)} ${are}; dotenv silently skips ${them}`,
      next: "write NAME=value, or start the comment with #"
    });
  }
  if (unreadable)
    problems.push({
      code: "unreadable",
      message: `${whose}the text has line endings that dotenv does not recognise`,
      next: "save it with LF line endings"
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
    "tollgate.yaml has no environment with the name given by --env.",
    `${meant === null ? "" : `Did you mean ${meant}? `}Known environments: ${known.join(", ")}. Add others under \`environments\`.`
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
