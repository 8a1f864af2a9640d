/**
 * Finds secrets in the image's configuration: its environment, its command, the lines that created its layers. Everyone who can
 * pull the image can read them. Findings name the place and never repeat the value.
 */

const SECRET_WORD =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|CREDENTIALS?)(_|\d*$)|(^|_)(KEY|IV|PWD|(PG|DB|MY)PASSWORD|PASS|SSHPASS|REDISCLI_AUTH)\d*$/i
/** Names that contain such a word but do not hold a secret. */
const HARMLESS_NAME =
  /(^|_)(PUBLIC|CACHE|SORT|PARTITION|PRIMARY|FOREIGN|KEYBOARD)(_|$)|(^|_)(URL|URI|ENDPOINT|HOST|PORT|TTL|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|EXPIRY|EXPIRES|ALGORITHM|ALG|LENGTH|SIZE|NAME|TYPE|HEADER|FILE|PATH|DIR|ENABLED|ISSUER|AUDIENCE|PREFIX|COUNT|LIMIT|VERSION|(?<!SECRET_)ID)$|^PWD$|^OLDPWD$/i
const HARMLESS_VALUE = /^(|true|false|yes|no|on|off|none|null|\d{1,6}|\/.*)$/i
/** Fingerprint of a public key with which official images verify their downloads. */
const FINGERPRINT = /^[0-9A-F]{16,40}$/

const TOKEN_FORMS = [
  /\bgh[pousr]_[A-Za-z0-9]{36,}/, // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bglpat-[A-Za-z0-9_-]{20,}/, // GitLab
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/, // Slack
  /\b[rs]k_live_[A-Za-z0-9]{16,}/, // Stripe
  /\bAKIA(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b/, // AWS
  /\bAIza[0-9A-Za-z_-]{35}/, // Google
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bpypi-[A-Za-z0-9_-]{50,}/,
]
const PASSWORD_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]*:(?![$<{])[^\s/@'"]+@/i
const BEARER = /\b(?:Bearer|Basic)\s+(?![$<{])[A-Za-z0-9+/=._~-]{16,}/i
const OPTION = /--?(?:password|passwd|token|api-key|secret)(?:\s+|=)(?![$<{'"-]*\$|-)[^\s$]{4,}/i
/** `X-Api-Key: 1c7e90ab`, `"token": "1c7e90ab"`: a header, JSON or arguments. */
const HEADER =
  /(?<=["']?\b[\w-]*(?:token|secret|passwor[dt]|passwd|api[_-]?key|auth[_-]?key|access[_-]?key)["']?\s*(?::|,|=>)\s*["']?)(?![$<{%*])(?=[\w+/.=~-]*\d)(?=[\w+/.=~-]*[A-Za-z])[\w+/.=~-]{8,}/i
/** `curl -u bot:hunter22`; for other programs this is a user and a group. */
const LOGIN =
  /(?<=\b(?:curl|wget|https?)\b[^|;&]*?\s(?:-u|-a|--user|--auth|--proxy-user)(?:\s+|=)["']?[^\s:"'$]+:)(?![$<{%]|\d+\b)[^\s"'$]{3,}/i
/** Password options of common clients, as used in health checks. */
const CLIENT =
  /(?<=\b(?:redis-cli|valkey-cli)\b[^|;&]*?\s-a\s+["']?)(?![$<{%])[^\s"'$]{3,}|(?<=\b(?:mysql|mysqladmin|mariadb|mariadb-admin)\b[^|;&]*?\s-p)(?![$<{%"'])[^\s"'$]{3,}/i
const ASSIGNMENT = /\b([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"|'[^']*'|[^\s"';&|]+)/g

/** Whether a variable of the image's environment holds a secret. */
export function variableIsSecret(name: string, value: string): boolean {
  if (PASSWORD_IN_URL.test(value) || TOKEN_FORMS.some((form) => form.test(value))) return true
  if (!SECRET_WORD.test(name) || HARMLESS_NAME.test(name) || HARMLESS_VALUE.test(value)) return false
  return !(/^GPG_/i.test(name) && FINGERPRINT.test(value))
}

/** The text with secrets masked; null if there is none. */
export function maskedSecrets(text: string): string | null {
  const masked = [PASSWORD_IN_URL, BEARER, OPTION, HEADER, LOGIN, CLIENT, ...TOKEN_FORMS]
    .reduce((left, form) => left.replace(new RegExp(form, `${form.flags}g`), "***"), text)
    .replace(ASSIGNMENT, (written: string, name: string, given: string) => {
      const value = given.replace(/^(["'])(.*)\1$/s, "$2")
      // $VAR and $(cat /run/secrets/…) are fine
      return /^[$`<{]/.test(value) || value.includes("***") || !variableIsSecret(name, value) ? written : `${name}=***`
    })
  return masked === text ? null : masked
}
