/** Short values (`1`, `INFO`) stand in any text by chance: taking them out would take the text apart. */
const SHORTEST = 6

/** Takes secrets out of a text that came from elsewhere, in the forms in which a server might say them back. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))]
    .sort((one, other) => other.length - one.length)
    .reduce((clean, form) => clean.replaceAll(form, "***"), text)
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  return [
    secret,
    encoded,
    encoded.toLowerCase(),
    encoded.replaceAll("%20", "+"),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
    Buffer.from(secret).toString("hex"),
  ]
}
