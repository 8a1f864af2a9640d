/** A value that looks different in every encoding. */
export const VALUE = `pa5s/w0rd+of=the "provider"&<more>?`

const hex = (text: string, write: (code: string) => string) =>
  [...text].map((character) => write((character.codePointAt(0) ?? 0).toString(16).padStart(4, "0"))).join("")
export const wrapped = (text: string, every: number, end: string) =>
  (text.match(new RegExp(`.{1,${every}}`, "gs")) ?? []).join(end)

export const FORMS: [name: string, text: string][] = [
  ["as it is", VALUE],
  ["in JSON", JSON.stringify({ key: VALUE })],
  ["in JSON in JSON", JSON.stringify(JSON.stringify({ key: VALUE }))],
  ["in JSON with slashes escaped", JSON.stringify({ key: VALUE }).replaceAll("/", "\\/")],
  ["in JSON with each character as \\u", hex(VALUE, (code) => `\\u${code}`)],
  ["in JSON with each character as \\u in capitals", hex(VALUE, (code) => `\\u${code.toUpperCase()}`)],
  ["in JSON with some characters as \\u", VALUE.replace(/[&<>"']/g, (one) => hex(one, (code) => `\\u${code}`))],
  ["in JSON with \\u in JSON", JSON.stringify(hex(VALUE, (code) => `\\u${code}`))],
  ["in Python's notation", hex(VALUE, (code) => `\\x${code.slice(2)}`)],
  ["URL-encoded", encodeURIComponent(VALUE)],
  ["URL-encoded as a form", new URLSearchParams({ key: VALUE }).toString()],
  ["URL-encoded in lower case, as ECPay does it", encodeURIComponent(VALUE).toLowerCase()],
  ["URL-encoded with lower-case hex", encodeURIComponent(VALUE).replace(/%../g, (code) => code.toLowerCase())],
  ["URL-encoded in full", hex(VALUE, (code) => `%${code.slice(2)}`)],
  ["URL-encoded twice", encodeURIComponent(encodeURIComponent(VALUE))],
  ["URL-encoded in JSON", JSON.stringify({ key: encodeURIComponent(VALUE) })],
  ["in base64", Buffer.from(VALUE).toString("base64")],
  ["in base64 for URLs", Buffer.from(VALUE).toString("base64url")],
  ["behind a user's name in base64", Buffer.from(`user:${VALUE}`).toString("base64")],
  ["behind another in base64", Buffer.from(`us:${VALUE}`).toString("base64")],
  ["in base64, URL-encoded", encodeURIComponent(Buffer.from(VALUE).toString("base64"))],
  ["in hex", Buffer.from(VALUE).toString("hex")],
  ["in hex in capitals", Buffer.from(VALUE).toString("hex").toUpperCase()],
  ["as HTML", VALUE.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")],
  ["as HTML by numbers", VALUE.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)],
  ["as HTML by hexadecimal numbers", VALUE.replace(/[&<>"]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)],
]

export const WRAPS: [name: string, text: string, end: string][] = [
  ["a line's end", VALUE, "\n"],
  ["a line's end of Windows", VALUE, "\r\n"],
  ["an indentation", VALUE, "\n      "],
  ["a backslash, as a shell does it", VALUE, "\\\n"],
  ["an equals sign, as mails do it", VALUE, "=\n"],
  ["a line's end in JSON", VALUE, "\\n"],
  ["a line's end in base64", Buffer.from(VALUE).toString("base64"), "\n"],
]
