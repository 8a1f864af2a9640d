/** Keeps values of secrets out of texts that others wrote: what a service answered, what a program logged. */

const MASK = "***"

/** Takes secrets out of a text that came from elsewhere, in the forms in which a server might say them back. */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text)
}

/** A shorter value would mask ordinary words all over a report without protecting anything. */
const SHORTEST = 6

export function redactor(values: readonly string[]): (text: string) => string {
  const forms = new Set(values.filter((value) => value.length >= SHORTEST).flatMap(formsOf).filter((form) => form.length >= SHORTEST))
  // the longest first: a form may contain a shorter one
  const sorted = [...forms].sort((one, other) => other.length - one.length)
  return (text) => sorted.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}

function formsOf(value: string): string[] {
  const encoded = encodeURIComponent(value).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  const inJson = JSON.stringify(value).slice(1, -1)
  const html = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
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
    ...(value.includes("\n") ? value.split("\n").map((line) => line.trim()) : []),
  ]
  // ECPay's CheckMacValue lower-cases what it has URL-encoded
  return [...forms, ...forms.map((form) => form.toLowerCase())]
}

/** Of the value alone; with other bytes before it the alignment differs, so the stable middle of each of the three. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
    const encoded = bytes.toString("base64").slice(shift === 0 ? 0 : shift + 1).replace(/=+$/, "")
    // the last character carries bits of what would follow
    const stable = bytes.length % 3 === 0 ? encoded : encoded.slice(0, -1)
    return [stable, stable.replaceAll("+", "-").replaceAll("/", "_")]
  })
}
