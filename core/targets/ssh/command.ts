import { words } from "../../shared/shell-words.js"
import { type Mark, markedScript } from "./answer.js"

/** A command for a host, as data: a POSIX shell script of quoted words, without secrets. */
export interface RemoteCommand {
  /** For errors: `pull the image`. */
  readonly what: string
  readonly script: string
  /** Standard input: for secrets, which must not be in a process list. */
  readonly input?: string
  /** Timeout, enforced by the host. */
  readonly seconds: number
  /** Read-only: it is retried when the connection is lost. */
  readonly looks?: boolean
}

export interface RemoteResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A script that does nothing: it opens the connection. */
export const NOTHING = "true"

/** The command line for sshd. The host enforces the timeout even after the connection is lost. */
export function lineOf({ script, seconds }: RemoteCommand, user: string, mark: Mark): string {
  const line = words("timeout", "-k", 5, seconds, "sh", "-c", markedScript(mark), "tollgate", script)
  return user === "root" ? line : `sudo -n ${line}`
}

/** Exit codes of timeout(1): 124 after SIGTERM, 137 after SIGKILL. */
export function ranOutOfTime(code: number): boolean {
  return code === 124 || code === 137
}
