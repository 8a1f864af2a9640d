import { randomBytes } from "node:crypto"

/**
 * The login shell may print before and after a command: bash reads .bashrc for each. Random marks delimit the command's own output.
 */
export interface Mark {
  readonly begin: string
  readonly end: string
}

export function newMark(): Mark {
  const word = randomBytes(8).toString("hex")
  return { begin: `@@tollgate ${word} begins`, end: `@@tollgate ${word} ends` }
}

/** Runs the script that is its first argument, and prints the marks around its output; its exit code is the script's. */
export function markedScript({ begin, end }: Mark): string {
  return `echo '${begin}'; echo '${begin}' >&2; sh -c "$1"; code=$?; printf '\\n%s\\n' '${end}'; exit $code`
}

/** null: the marks are missing. */
export function ownOutput(stdout: string, { begin, end }: Mark): string | null {
  const from = stdout.indexOf(`${begin}\n`)
  if (from === -1) return null
  const inside = stdout.slice(from + begin.length + 1)
  const to = inside.lastIndexOf(`\n${end}\n`)
  return to === -1 ? null : inside.slice(0, to)
}

/** A stopped command has no second mark, one that never started has none: the output then says why. */
export function ownWords(text: string, { begin, end }: Mark): string {
  const from = text.indexOf(`${begin}\n`)
  const inside = from === -1 ? text : text.slice(from + begin.length + 1)
  const to = inside.lastIndexOf(`\n${end}\n`)
  return to === -1 ? inside : inside.slice(0, to)
}
