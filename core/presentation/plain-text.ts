import { plainText } from "../shared/plain-text.js"

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
