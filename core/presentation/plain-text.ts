/**
 * The app's output is untrusted: it may move the cursor, recolour the log, hide characters or write right to left. All text in a report
 * passes through `plainText`, whose result is also valid in XML 1.0.
 */
export function plainText(text: string): string {
  return text
    .replace(escapeSequences, "")
    .replace(/\r\n?/g, "\n")
    .replace(unprintable, "")
    .replace(/\p{Surrogate}/gu, "\uFFFD")
}

const escapeSequences = new RegExp(
  [
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]`, // colours, cursor movements
    String.raw`\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?`, // window titles, hyperlinks
    String.raw`\x1b[PX^_][^\x1b\n]*(?:\x1b\\)?`,
    String.raw`\x1b[ -/]*[0-~]`,
  ].join("|"),
  "g",
)

// control characters except tab and newline, marks that reorder text, and Unicode noncharacters
const unprintable = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g

export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, " ").trim()
}

/**
 * Keeps both ends of a long text, because a traceback begins with the test and ends with the error.
 *
 * @param whole file of the same report that has all of it
 */
export function clip(text: string, limit: number, whole?: string): string {
  const plain = plainText(text).replace(/\s+$/, "")
  if (plain.length <= limit) return plain
  const head = Math.floor(limit / 3)
  const tail = limit - head
  const left = plain.length - head - tail
  const note = `… ${left} characters left out here${whole === undefined ? "" : `; ${whole} has them`} …`
  return plainText(`${plain.slice(0, head)}\n${note}\n${plain.slice(-tail)}`)
}

export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character)
}

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
])
