import { type Mark, markedScript } from "./answer.js"

/** What is to be run on a host, as data: a POSIX shell's script that is made of quoted words, and never holds a secret. */
export interface RemoteCommand {
  /** For errors: `pull the image`. */
  readonly what: string
  readonly script: string
  /** Its standard input: the way for what nobody may see in a list of processes. */
  readonly input?: string
  /** Longest time; the host ends it by itself then. */
  readonly seconds: number
  /** It changes nothing: when the connection ends in the middle of it, it is run again. */
  readonly looks?: boolean
}

export interface RemoteResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The script of a command that is run so that there is a connection. */
export const NOTHING = "true"

/** A word that the shell takes as it is. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new RangeError("no word of a shell holds a NUL byte")
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

export function words(...all: readonly (string | number)[]): string {
  return all.map((word) => quote(String(word))).join(" ")
}

/** The line that sshd is asked to run. The host ends it even if nobody listens any more. */
export function lineOf({ script, seconds }: RemoteCommand, user: string, mark: Mark): string {
  const line = words("timeout", "-k", 5, seconds, "sh", "-c", markedScript(mark), "tollgate", script)
  return user === "root" ? line : `sudo -n ${line}`
}

/** timeout(1): 124 when it had to end the command, 137 when it had to kill it. */
export function ranOutOfTime(code: number): boolean {
  return code === 124 || code === 137
}
