/**
 * Finds secrets in the image's configuration: its environment, its command, the lines that created its layers. Everyone who can
 * pull the image can read them. Findings name the place and never repeat the value.
 */

const SECRET_WORD =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|CREDENTIALS?)(_|\d*$)|(^|_)(KEY|IV|PWD|PASS|SSHPASS|REDISCLI_AUTH)(_(B64|BASE64|PEM|HEX))?\d*$|(PASSWORD|PASSWD|SECRET|(AUTH|ACCESS|API)TOKEN|(SECRET|PRIVATE|ACCESS)KEY)\d*$/i
/** Names that contain such a word but do not hold a secret. */
const HARMLESS_NAME =
  /(^|_)(PUBLIC|CACHE|SORT|PARTITION|PRIMARY|FOREIGN|KEYBOARD)(_|$)|(^|_)(URL|URI|ENDPOINT|HOST|PORT|TTL|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|EXPIRY|EXPIRES|ALGORITHM|ALG|LENGTH|SIZE|NAME|TYPE|HEADER|FILE|PATH|DIR|ENABLED|ISSUER|AUDIENCE|PREFIX|COUNT|LIMIT|VERSION|(?<!SECRET_)ID)$|^PWD$|^OLDPWD$/i
const HARMLESS_VALUE = /^(|true|false|yes|no|on|off|none|null|\d{1,6}|\/.*)$/i
/** What a command of a build is given where its program only asks that there is a value. */
const STAND_IN = /^(dummy|fake|build|unused|ignored?|not[-_]?(a[-_]?)?secret|placeholder|collectstatic)([-_][\w-]*)?$/i
/** Fingerprint of a public key with which official images verify their downloads. */
const FINGERPRINT = /^[0-9A-F]{16,40}$/

/** Found wherever they stand. */
const FORMS = [
  /\bgh[pousr]_[A-Za-z0-9]{36,}/, // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bglpat-[A-Za-z0-9_-]{20,}/, // GitLab
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/, // Slack
  /\b[rs]k_live_[A-Za-z0-9]{16,}/, // Stripe
  /\bAKIA(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b/, // AWS
  /\bAIza[0-9A-Za-z_-]{35}/, // Google
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bpypi-[A-Za-z0-9_-]{50,}/,
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[^-]*/,
  // a password in a URL
  /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@'"]*:(?![$<{])[^\s/@'"]+@/i,
]

/**
 * A lookbehind is tried at each position, so that a piece of it without a bound makes the work grow with the square of a line's length:
 * each has one.
 */
const GAP = String.raw`\s{0,20}`
const SPACE = String.raw`\s{1,20}`
const ARGUMENT = String.raw`\S{1,200}`

/** A value that the shell fills in, or a file, is no secret. */
const LITERAL = String.raw`(?![$<{%*\`'"-])`
const QUOTE = `["']?`
/** Letters and digits, as in tokens; words of a sentence have none. */
const MIXED = String.raw`(?=[\w+/.=~-]*\d)(?=[\w+/.=~-]*[A-Za-z])[\w+/.=~-]{8,}`
const WORD = String.raw`[^\s"'$]{3,}`
const PROGRAM = (names: string) => String.raw`\b(?:${names})\b[^|;&]{0,300}?\s`
const after = (before: string, value: string) => new RegExp(`(?<=${before})${LITERAL}${value}`, "i")
/** For options that mean something else in the other case: `-p` is a port, `-P` a password. */
const exactlyAfter = (before: string, value: string) => new RegExp(`(?<=${before})${LITERAL}${value}`)

const PLACES = [
  /\b(?:Bearer|Basic)\s+(?![$<{])[A-Za-z0-9+/=._~-]{16,}/i,
  // with a scheme or without
  after(
    String.raw`\bAuthorization["']?${GAP}(?::|,|=>)${GAP}["']?(?:[A-Za-z]{1,20}${SPACE})?`,
    String.raw`[\w+/.=~-]{8,}(?![\w+/.=~-]|\s+[$<{])`,
  ),
  // `X-Api-Key: 1c7e90ab`, `"token": "1c7e90ab"`: a header, JSON or arguments
  after(
    String.raw`["']?\b(?:[\w-]{0,40}(?:token|secret|passwor[dt]|passwd|(?:api|auth|access|private|secret)[_-]?key)|x-[\w-]{0,40}auth)["']?${GAP}(?::|,|=>)${GAP}["']?`,
    MIXED,
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
    WORD,
  ),
  // `machine pypi.acme.com login bot password hunter22`
  after(String.raw`\blogin${SPACE}${ARGUMENT}${SPACE}password${SPACE}`, WORD),
  // npm, aws, poetry and composer: `config set NAME VALUE`
  after(`\\bset${SPACE}\\S{0,80}(?:token|secret|password|access_key|_auth)\\w{0,40}${SPACE}${QUOTE}`, "[^\\s\"'$]{8,}"),
  after(`\\bhttp-basic[.\\w-]{0,100}${SPACE}${ARGUMENT}${SPACE}${QUOTE}`, WORD),
  after(`\\bpypi-token\\.${ARGUMENT}${SPACE}${QUOTE}`, WORD),
]
const ASSIGNMENT = /\b([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"|'[^']*'|[^\s"';&|]+)/g

/** Whether a variable of the image's environment holds a secret, by its name or within its value. */
export function variableIsSecret(name: string, value: string): boolean {
  return nameTells(name, value) || maskedSecrets(value) !== null
}

function nameTells(name: string, value: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2")
  if (!SECRET_WORD.test(words) || HARMLESS_NAME.test(words) || HARMLESS_VALUE.test(value)) return false
  return !(/^GPG_/i.test(name) && FINGERPRINT.test(value))
}

/** The text with secrets masked; null if there is none. */
export function maskedSecrets(text: string): string | null {
  const masked = [...FORMS, ...PLACES]
    .reduce((left, form) => left.replace(new RegExp(form, `${form.flags}g`), "***"), text)
    .replace(ASSIGNMENT, (written: string, name: string, given: string, at: number, whole: string) => {
      const value = given.replace(/^(["'])(.*)\1$/s, "$2")
      // `?key=status` of a URL is a choice
      if (/[?&]/.test(whole[at - 1] ?? "") && /^key$/i.test(name) && /^[a-z_-]+$/i.test(value)) return written
      // $VAR and $(cat /run/secrets/…) are fine
      if (/^[$`<{]/.test(value) || value.includes("***") || STAND_IN.test(value)) return written
      return nameTells(name, value) ? `${name}=***` : written
    })
  return masked === text ? null : masked
}
