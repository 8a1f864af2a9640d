/**
 * The engine's patch as git itself writes one: of a new or removed file the engine names one side twice, `diff --git b/x.py b/x.py`, and
 * it quotes names that are not ASCII. Readers of patches know neither.
 */
export function gitPatch(patch: string): string {
  return patch.replace(/^diff --git (?:"[ab]\/(.*)" "[ab]\/(.*)"|[ab]\/(.*) [ab]\/\3)$/gm, (_, __, quoted, plain) => {
    const name = quoted === undefined ? plain : unquoted(quoted)
    return `diff --git a/${name} b/${name}`
  })
}

/** A name as git quotes it: `\303\274` is ü. */
function unquoted(name: string): string {
  const bytes: number[] = []
  for (const [part] of name.matchAll(/\\[0-7]{3}|\\.|[^\\]+/gs)) {
    if (/^\\[0-7]/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8))
    else bytes.push(...Buffer.from(part.startsWith("\\") ? part.slice(1) : part))
  }
  return Buffer.from(bytes).toString("utf8")
}
