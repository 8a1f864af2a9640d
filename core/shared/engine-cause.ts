/**
 * What an error of the engine comes down to: it names each step that led there by an encoded id of kilobytes, and the last cause
 * stands at the end.
 */
export function lastCause(message: string): string {
  const plain = message.trim().replace(/\b([A-Z]\w*)@[A-Za-z0-9+/_-]{40,}={0,2}/g, "$1")
  const inner = plain.split(/(?:: |^)(?:inputs: )?load xxh3:[0-9a-f]+(?:: inputs)?(?=: )|: inputs(?=: )|load \w+(?=: load xxh3)/).at(-1) ?? plain
  const cause = inner.replace(/^[:\s]+/, "").replace(/^(?:(?:failed to|error) [^:\n]*: )+/i, "")
  return cause === "" ? plain : cause
}
