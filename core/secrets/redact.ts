/** Removes secrets from texts of services and programs. */

const MASK = "***"

/** Masks secrets in a text, also in encoded forms that a server might echo. */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text)
}

/** Shorter values would mask ordinary words all over a report. */
const SHORTEST = 6

export function redactor(values: readonly string[]): (text: string) => string {
  const forms = new Set(
    values
      .filter((value) => value.length >= SHORTEST)
      .flatMap(formsOf)
      .filter((form) => form.length >= SHORTEST),
  )
  // the longest first: a form may contain a shorter one
  const sorted = [...forms].sort((one, other) => other.length - one.length)
  return (text) => sorted.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}

function formsOf(value: string): string[] {
  const encoded = encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
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
  // ECPay's CheckMacValue lower-cases URL-encoded text
  return [...forms, ...forms.map((form) => form.toLowerCase())]
}

/** Bytes before the value shift its alignment, so each form is the stable middle of one of the three alignments. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
    const encoded = bytes
      .toString("base64")
      .slice(shift === 0 ? 0 : shift + 1)
      .replace(/=+$/, "")
    // the last character contains bits of the following byte
    const stable = bytes.length % 3 === 0 ? encoded : encoded.slice(0, -1)
    return [stable, stable.replaceAll("+", "-").replaceAll("/", "_")]
  })
}
