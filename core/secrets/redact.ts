import { plainForm } from "./plain-form.js"

/** Removes secrets from texts of services, programs and people. Never from identifiers: free-text.ts tells them apart. */

const MASK = "***"

export type Redact = (text: string) => string

/** Shorter values are not redacted: every text has such words and figures. */
export const SHORTEST = 4
/** Shorter values are masked only as whole words. */
const WITHIN_WORDS = 6
/** Values that keep nothing secret, whatever their variable is called. */
const ORDINARY = /^(?:true|false|null|none)$/i
/** A longer value is masked in pieces, so that a part of it does not stay. */
const PIECE = 96

/** Masks secrets in a text, also in encoded forms that a server might echo. */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text)
}

/**
 * The text keeps its lines: a value that is wrapped over two lines is masked on both.
 *
 * @param shortest for values that are certainly secrets
 */
export function redactor(values: readonly string[], shortest = SHORTEST): Redact {
  const pieces = [...new Set(values.flatMap(piecesOf))].filter(
    (value) => value.trim().length >= shortest && !ORDINARY.test(value),
  )
  const words = new Set(pieces.filter((value) => value.length < WITHIN_WORDS))
  const written = new Set(pieces.filter((value) => value.length >= WITHIN_WORDS).flatMap(formsOf))
  const plainWords = plainForms(words, shortest)
  const plain = plainForms(written, shortest)
  return (text) => {
    const form = plainForm(text)
    const found = (values: ReadonlySet<string>, inPlainForm: ReadonlySet<string>): Span[] => [
      ...spansOf(text, values),
      ...(form.places === null ? spansOf(text, inPlainForm) : placed(form.places, spansOf(form.text, inPlainForm))),
    ]
    return masked(text, [...found(written, plain), ...found(words, plainWords).filter((span) => isWord(text, span))])
  }
}

/** Of lines that belong together, such as those of one container's log. */
export function redactLines(lines: readonly string[], redact: Redact): string[] {
  return lines.length === 0 ? [] : redact(lines.map((line) => line.replaceAll("\n", " ")).join("\n")).split("\n")
}

/** Its lines, each by itself, because a log may show one of them; pieces of a long line; the password of a URL. */
function piecesOf(value: string): string[] {
  const lines = value.includes("\n") ? [value, ...value.split("\n").map((line) => line.trim())] : [value]
  return [...lines, ...passwordsOf(value)].flatMap((line) => {
    const characters = [...line]
    const count = Math.max(1, Math.floor(characters.length / PIECE))
    return Array.from({ length: count }, (_, at) =>
      characters.slice(at * PIECE, at === count - 1 ? undefined : (at + 1) * PIECE).join(""),
    )
  })
}

/** As written in the URL and as sent. One that repeats the user's name is no secret. */
function passwordsOf(value: string): string[] {
  const [, user, password = ""] =
    /^[a-z][a-z0-9+.-]{0,30}:\/\/([^\s:/?#@]{0,200}):([^\s/?#]{6,500})@/i.exec(value) ?? []
  return password === "" || password === user ? [] : [password, plainForm(password).text]
}

function formsOf(value: string): string[] {
  const hex = Buffer.from(value).toString("hex")
  const digits = [...base64Forms(value), hex, hex.toUpperCase()].filter((form) => form.length >= WITHIN_WORDS)
  // ECPay's CheckMacValue lower-cases URL-encoded text
  return [value, value.toLowerCase(), ...digits]
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

function plainForms(values: ReadonlySet<string>, shortest: number): Set<string> {
  const forms = [...values].map((value) => plainForm(value).text)
  return new Set(forms.filter((form) => form.trim().length >= shortest))
}

interface Span {
  readonly from: number
  readonly to: number
}

function spansOf(text: string, values: ReadonlySet<string>): Span[] {
  const spans: Span[] = []
  for (const value of values)
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
      spans.push({ from: at, to: at + value.length })
  return spans
}

function placed({ from, to }: { from: readonly number[]; to: readonly number[] }, spans: Span[]): Span[] {
  return spans.map((span) => ({ from: from[span.from] ?? 0, to: to[span.to - 1] ?? 0 }))
}

function isWord(text: string, { from, to }: Span): boolean {
  const before = /[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, from - 2), from))
  const after = /^[\p{L}\p{N}_]/u.test(text.slice(to, to + 2))
  return !before && !after && !text.slice(from, to).includes("\n")
}

function masked(text: string, spans: Span[]): string {
  const parts: string[] = []
  let read = 0
  for (const { from, to } of joined(spans)) {
    const ends = text.slice(from, to).match(/\r?\n/g) ?? []
    parts.push(text.slice(read, from), [MASK, ...ends.map((end) => `${end}${MASK}`)].join(""))
    read = to
  }
  return read === 0 ? text : `${parts.join("")}${text.slice(read)}`
}

/** Spans that overlap or touch become one. */
function joined(spans: Span[]): Span[] {
  const together: Span[] = []
  for (const span of spans.sort((one, other) => one.from - other.from)) {
    const last = together.at(-1)
    if (last === undefined || span.from > last.to) together.push(span)
    else if (span.to > last.to) together[together.length - 1] = { from: last.from, to: span.to }
  }
  return together
}
