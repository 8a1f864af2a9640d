import { randomBytes } from "node:crypto"

/**
 * What a host's login shell prints stands around what a command prints: sshd starts every command by that shell, and bash reads
 * .bashrc for each. A command's own output is what stands between two marks of ours, which no banner can know.
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

/** null: the command's own output cannot be told from what the shell printed. */
export function ownOutput(stdout: string, { begin, end }: Mark): string | null {
  const from = stdout.indexOf(`${begin}\n`)
  if (from === -1) return null
  const inside = stdout.slice(from + begin.length + 1)
  const to = inside.lastIndexOf(`\n${end}\n`)
  return to === -1 ? null : inside.slice(0, to)
}

/** Of a command that was ended there is no second mark; of one that never began, none at all: what was said is then why. */
export function ownWords(text: string, { begin, end }: Mark): string {
  const from = text.indexOf(`${begin}\n`)
  const inside = from === -1 ? text : text.slice(from + begin.length + 1)
  const to = inside.lastIndexOf(`\n${end}\n`)
  return to === -1 ? inside : inside.slice(0, to)
}
