/**
 * RFC 4180. Every cell is quoted, so that no program that splits at another character makes a cell of half of one. The byte order mark
 * lets spreadsheets read UTF-8.
 */
export function csv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`
}

/** What a spreadsheet would run as a formula begins with an apostrophe: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/

/** One line: the folder of a change has the text as it was recorded. */
function cell(text: string): string {
  const harmless = (FORMULA.test(text) ? `'${text}` : text).replace(/[\r\n]+/g, " ")
  return `"${harmless.replaceAll('"', '""')}"`
}
