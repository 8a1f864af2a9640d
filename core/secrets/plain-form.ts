/** A text in one form, whichever of several encodings it has, with the place of each character in the original. */
export interface PlainForm {
  readonly text: string
  /** Where each character begins and ends in the original; null: the text is the original. */
  readonly places: { readonly from: readonly number[]; readonly to: readonly number[] } | null
}

/**
 * Percent-encoding, HTML's references, backslashes of JSON, Python and shells; and blanks and the ends of lines, which are left out because
 * terminals, YAML and mails wrap what is too long. Each alternative reads on from where it began, so that the work is linear.
 */
const ENCODED = new RegExp(
  [
    "%[0-7]{hex}",
    "%[cCdD]{hex}{more}",
    "%[eE]{hex}{more}{more}",
    "%[fF][0-7]{more}{more}{more}",
    String.raw`&#(?:\d{1,7}|[xX]{hex}{1,6});`,
    "&(?:amp|lt|gt|quot|apos);",
    String.raw`\\+(?:u{hex}{4}|U{hex}{8}|x{hex}{2}|[nrt])?`,
    String.raw`=\r?\n`,
    String.raw`[\s+]+`,
  ]
    .join("|")
    .replaceAll("{more}", "%[89abAB]{hex}")
    .replaceAll("{hex}", String.raw`[\da-fA-F]`),
  "g",
)
const PERHAPS_ENCODED = /[%&\\\s+]/

const REFERENCES = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
])
const CONTROLS = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
])

/** An encoding within an encoding, at most as often. */
const DEEPEST = 5

/** Two texts that are written in different ways have the same plain form. It is for comparing: nothing can be decoded with it. */
export function plainForm(text: string): PlainForm {
  let form: PlainForm = { text, places: null }
  for (let depth = 0; depth < DEEPEST && PERHAPS_ENCODED.test(form.text); depth++) {
    const next = decodedOnce(form)
    if (next.text === form.text) break
    form = next
  }
  return form
}

function decodedOnce({ text, places }: PlainForm): PlainForm {
  const parts: string[] = []
  const from: number[] = []
  const to: number[] = []
  const keep = (start: number, end: number): void => {
    parts.push(text.slice(start, end))
    for (let at = start; at < end; at++) {
      from.push(places?.from[at] ?? at)
      to.push(places?.to[at] ?? at + 1)
    }
  }
  let read = 0
  for (const { 0: written, index } of text.matchAll(ENCODED)) {
    keep(read, index)
    read = index + written.length
    const meant = decoded(written)
    parts.push(meant)
    for (let at = 0; at < meant.length; at++) {
      from.push(places?.from[index] ?? index)
      to.push(places?.to[read - 1] ?? read)
    }
  }
  keep(read, text.length)
  return { text: parts.join(""), places: { from, to } }
}

function decoded(written: string): string {
  switch (written[0]) {
    case "%":
      return Buffer.from(written.replaceAll("%", ""), "hex").toString("utf8")
    case "&":
      return REFERENCES.get(written.toLowerCase()) ?? numbered(written.slice(2, -1))
    case "\\": {
      const name = written.replace(/^\\+/, "")
      return CONTROLS.get(name) ?? (name.length > 1 ? character(Number.parseInt(name.slice(1), 16)) : name)
    }
    default:
      return ""
  }
}

function numbered(number: string): string {
  return character(/^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number))
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD"
}
