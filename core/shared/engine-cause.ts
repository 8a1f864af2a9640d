import { TollgateError } from "./errors.js"

/** What an error says: ours as it is, another one's last cause. */
export function errorWords(error: unknown): string {
  if (error instanceof TollgateError) return error.message.trim()
  return lastCause(error instanceof Error ? error.message : String(error))
}

/**
 * The last cause of an engine error. The engine's message names every step on the way by an encoded id of several kilobytes, and ends
 * with the cause.
 */
export function lastCause(message: string): string {
  const plain = message.trim().replace(/\b([A-Z]\w*)@[A-Za-z0-9+/_-]{40,}={0,2}/g, "$1")
  const inner =
    plain
      .split(/(?:: |^)(?:inputs: )?load xxh3:[0-9a-f]+(?:: inputs)?(?=: )|: inputs(?=: )|load \w+(?=: load xxh3)/)
      .at(-1) ?? plain
  const cause = inner.replace(/^[:\s]+/, "").replace(/^(?:(?:failed to|error) [^:\n]*: )+/i, "")
  return cause === "" ? plain : cause
}
