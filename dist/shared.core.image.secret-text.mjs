import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/image/secret-text.ts
var SECRET_WORD = /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|CREDENTIALS?)(_|\d*$)|(^|_)(KEY|IV|PWD|PASS|SSHPASS|REDISCLI_AUTH)(_(B64|BASE64|PEM|HEX))?\d*$|(PASSWORD|PASSWD|SECRET|(AUTH|ACCESS|API)TOKEN|(SECRET|PRIVATE|ACCESS)KEY)\d*$/i;
var HARMLESS_NAME = /(^|_)(PUBLIC|CACHE|SORT|PARTITION|PRIMARY|FOREIGN|KEYBOARD)(_|$)|(^|_)(URL|URI|ENDPOINT|HOST|PORT|TTL|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|EXPIRY|EXPIRES|ALGORITHM|ALG|LENGTH|SIZE|NAME|TYPE|HEADER|FILE|PATH|DIR|ENABLED|ISSUER|AUDIENCE|PREFIX|COUNT|LIMIT|VERSION|(?<!SECRET_)ID)$|^PWD$|^OLDPWD$/i;
var HARMLESS_VALUE = /^(|true|false|yes|no|on|off|none|null|\d{1,6}|\/.*)$/i;
var STAND_IN = /^(dummy|fake|build|unused|ignored?|not[-_]?(a[-_]?)?secret|placeholder|collectstatic)([-_][\w-]*)?$/i;
var FINGERPRINT = /^[0-9A-F]{16,40}$/;
var FORMS = [
  /\bgh[pousr]_[A-Za-z0-9]{36,}/,
  // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bglpat-[A-Za-z0-9_-]{20,}/,
  // GitLab
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  // Slack
  /\b[rs]k_live_[A-Za-z0-9]{16,}/,
  // Stripe
  /\bAKIA(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b/,
  // AWS
  /\bAIza[0-9A-Za-z_-]{35}/,
  // Google
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bpypi-[A-Za-z0-9_-]{50,}/,
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[^-]*/,
  // a password in a URL
  /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@'"]*:(?![$<{])[^\s/@'"]+@/i
];
var GAP = String.raw`\s{0,20}`;
var SPACE = String.raw`\s{1,20}`;
var ARGUMENT = String.raw`\S{1,200}`;
var LITERAL = String.raw`(?![$<{%*\`'"-])`;
var QUOTE = `["']?`;
var MIXED = String.raw`(?=[\w+/.=~-]*\d)(?=[\w+/.=~-]*[A-Za-z])[\w+/.=~-]{8,}`;
var WORD = String.raw`[^\s"'$]{3,}`;
var PROGRAM = /* @__PURE__ */ __name((names) => String.raw`\b(?:${names})\b[^|;&]{0,300}?\s`, "PROGRAM");
var after = /* @__PURE__ */ __name((before, value) => new RegExp(`(?<=${before})${LITERAL}${value}`, "i"), "after");
var exactlyAfter = /* @__PURE__ */ __name((before, value) => new RegExp(`(?<=${before})${LITERAL}${value}`), "exactlyAfter");
var PLACES = [
  /\b(?:Bearer|Basic)\s+(?![$<{])[A-Za-z0-9+/=._~-]{16,}/i,
  // with a scheme or without
  after(
    String.raw`\bAuthorization["']?${GAP}(?::|,|=>)${GAP}["']?(?:[A-Za-z]{1,20}${SPACE})?`,
    String.raw`[\w+/.=~-]{8,}(?![\w+/.=~-]|\s+[$<{])`
  ),
  // `X-Api-Key: 1c7e90ab`, `"token": "1c7e90ab"`: a header, JSON or arguments
  after(
    String.raw`["']?\b(?:[\w-]{0,40}(?:token|secret|passwor[dt]|passwd|(?:api|auth|access|private|secret)[_-]?key)|x-[\w-]{0,40}auth)["']?${GAP}(?::|,|=>)${GAP}["']?`,
    MIXED
  ),
  // `--db-password hunter22`, `-Dtoken=…`
  /(?<![\w-])--?(?!(?:dis|en)abled?-|(?:no|empty|ask|random|generate|require|skip|allow|lock|expire)-)(?:[\w.]{1,30}-){0,4}(?:password|passwd|passphrase|pass|token|api-?key|secret(?:-?key)?|access-?key|credentials?)(?:\s+|=)(?![$<{'"-]*\$|-|\/|(?:id|type|env|file|fd|src)[=:])[^\s$]{4,}/i,
  // `curl -u bot:hunter22`; for other programs this is a user and a group
  /(?<=\b(?:curl|wget|https?)\b[^|;&]{0,300}?\s(?:-u\s{0,20}|-a\s{1,20}|(?:--user|--auth|--proxy-user)(?:\s{1,20}|=))["']?[^\s:"'$]{1,200}:)(?![$<{%]|\d+\b)[^\s"'$]{3,}/i,
  after(`${PROGRAM("curl|wget")}(?:-b|--cookie)(?:${SPACE}|=)${QUOTE}[\\w.-]{1,200}=`, MIXED),
  after(String.raw`\bauth${GAP}=${GAP}\(${GAP}["'][^"']{0,200}["']${GAP},${GAP}["']`, WORD),
  // clients, as used in health checks
  after(`${PROGRAM("redis-cli|valkey-cli")}-a${GAP}${QUOTE}`, WORD),
  after(`${PROGRAM("mysql|mysqladmin|mariadb|mariadb-admin")}-p${QUOTE}`, WORD),
  after(`${PROGRAM("mongosh|mongo|mongodump")}-p${SPACE}${QUOTE}`, WORD),
  after(`${PROGRAM("rabbitmqadmin")}-p${SPACE}${QUOTE}`, WORD),
  exactlyAfter(`${PROGRAM("mosquitto_(?:pub|sub|rr)")}-P${SPACE}${QUOTE}`, WORD),
  exactlyAfter(`${PROGRAM("ldap(?:whoami|search|modify|add|delete|compare|passwd)")}-w${SPACE}${QUOTE}`, WORD),
  exactlyAfter(`${PROGRAM("curl")}(?:--cert|-E)${SPACE}${QUOTE}[^\\s:"']{1,200}:`, WORD),
  // `echo AUTH hunter22 | nc redis 6379`
  exactlyAfter(`\\b(?:echo|printf)\\s(?:-\\w{1,20}${SPACE})?["']?AUTH${SPACE}`, String.raw`[^\s"'$\\]{3,}`),
  after(`${PROGRAM("sshpass")}-p${GAP}${QUOTE}`, WORD),
  after(
    `${PROGRAM("docker|podman|nerdctl|buildah|skopeo|crane|helm|oras")}login\\s[^|;&]{0,200}?-p${SPACE}${QUOTE}`,
    WORD
  ),
  // `machine pypi.acme.com login bot password hunter22`
  after(String.raw`\blogin${SPACE}${ARGUMENT}${SPACE}password${SPACE}`, WORD),
  // npm, aws, poetry and composer: `config set NAME VALUE`
  after(`\\bset${SPACE}\\S{0,80}(?:token|secret|password|access_key|_auth)\\w{0,40}${SPACE}${QUOTE}`, `[^\\s"'$]{8,}`),
  after(`\\bhttp-basic[.\\w-]{0,100}${SPACE}${ARGUMENT}${SPACE}${QUOTE}`, WORD),
  after(`\\bpypi-token\\.${ARGUMENT}${SPACE}${QUOTE}`, WORD)
];
var ASSIGNMENT = /\b([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"|'[^']*'|[^\s"';&|]+)/g;
function variableIsSecret(name, value) {
  return nameTells(name, value) || maskedSecrets(value) !== null;
}
__name(variableIsSecret, "variableIsSecret");
function nameTells(name, value) {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  if (!SECRET_WORD.test(words) || HARMLESS_NAME.test(words) || HARMLESS_VALUE.test(value)) return false;
  return !(/^GPG_/i.test(name) && FINGERPRINT.test(value));
}
__name(nameTells, "nameTells");
function maskedSecrets(text) {
  const masked = [...FORMS, ...PLACES].reduce((left, form) => left.replace(new RegExp(form, `${form.flags}g`), "***"), text).replace(ASSIGNMENT, (written, name, given, at, whole) => {
    const value = given.replace(/^(["'])(.*)\1$/s, "$2");
    if (/[?&]/.test(whole[at - 1] ?? "") && /^key$/i.test(name) && /^[a-z_-]+$/i.test(value)) return written;
    if (/^[$`<{]/.test(value) || value.includes("***") || STAND_IN.test(value)) return written;
    return nameTells(name, value) ? `${name}=***` : written;
  });
  return masked === text ? null : masked;
}
__name(maskedSecrets, "maskedSecrets");

export {
  variableIsSecret,
  maskedSecrets
};
