import picomatch from "picomatch"

const OPTIONS = { dot: true, nobrace: true, noextglob: true, nonegate: true }

/** Of paths only `*`, `**` and `?` are read; everything else stands for itself, such as the brackets of app/[slug]/page.ts. */
const escaped = (pattern: string): string => pattern.replace(/[\\()[\]{}!+@|$^"']/g, "\\$&")

/** Whether a path matches a glob: `*` within one name, `**` across folders. */
export function matchesPath(path: string, pattern: string): boolean {
  return picomatch.isMatch(path, escaped(pattern), OPTIONS)
}

/** The same, where the pattern of a folder stands for everything in it. */
export function matchesPathOrFolder(path: string, pattern: string): boolean {
  const plain = pattern.replace(/\/+$/, "")
  return matchesPath(path, plain) || matchesPath(path, `${plain}/**`)
}
