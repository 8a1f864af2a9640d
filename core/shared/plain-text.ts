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

/** A text of many lines for a terminal or the log of a CI: as it reads, without an effect. */
export function terminalText(text: string): string {
  return withoutCommands(plainText(text))
}

/**
 * A CI executes what a log says: GitHub `::error::` at the start of a line and `##[…]` anywhere, Azure `##vso[…]`, TeamCity
 * `##teamcity[…]`, and GitLab folds at `section_start:1700000000:name`. A screen may wrap anywhere, so that each word may start a line.
 */
export function withoutCommands(text: string): string {
  return text
    .replace(/(?<!\S)::(?=[A-Za-z])/g, ": :")
    .replace(/##(?=[A-Za-z.]{0,40}\[)/g, "## ")
    .replace(/(?<=section_(?:start|end)):(?=\d)/g, " :")
}

/** The same data as JSON for a terminal or the log of a CI. */
export function terminalJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(notInJson, (found) =>
    [...found].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  )
}

const notInJson =
  /[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|##(?=[A-Za-z.]{0,40}\[)|(?<=section_(?:start|end)):(?=\d)/g
