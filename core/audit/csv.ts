/**
 * RFC 4180. Every cell is quoted, so that a program that splits at another character does not split a cell. The byte order mark lets
 * spreadsheets read UTF-8.
 */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`
}

/** An apostrophe keeps a spreadsheet from running a text as a formula: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/

/** On one line; the folder of a change has the text as recorded. */
function cell(text: string): string {
  const harmless = (FORMULA.test(text) ? `'${text}` : text).replace(/[\r\n]+/g, " ")
  return `"${harmless.replaceAll('"', '""')}"`
}
