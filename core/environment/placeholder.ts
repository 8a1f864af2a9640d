/** Values that were meant to be replaced. These patterns match anywhere, because random tokens hardly contain them. */
const ANYWHERE = [
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
  /\*{3,}|\.{3,}|…/,
]

const WORDS = new Set([
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
  "postgres",
])

/** Whether the value is a placeholder. A secret that is a common first guess counts as one. */
export function isPlaceholder(value: string, secret: boolean): boolean {
  return ANYWHERE.some((pattern) => pattern.test(value)) || (secret && isFirstGuess(value))
}

/** `my-token`, `my_password`. Checked for secrets only, since hosts and buckets have such names too. */
export function isSomebodys(secret: string): boolean {
  return /(?<![a-z0-9])my[-_ .]/i.test(secret)
}

export function isFirstGuess(value: string): boolean {
  return WORDS.has(value.toLowerCase()) || /^(.)\1{3,}$|^12345\d*$/.test(value)
}
