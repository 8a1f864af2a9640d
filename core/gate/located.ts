import { posix } from "node:path"

/** Something that a gate found in a file of the source, for readers that show it beside the line. */
export interface Located {
  /** The rule or code: the same for all findings of one kind. */
  readonly check: string
  readonly weight: "info" | "minor" | "major" | "critical" | "blocker"
  readonly message: string
  /** From the top of the source. */
  readonly path: string
  readonly line: number | null
  /** What it has in common with itself in a later run, in which its line may be another one. */
  readonly key: string
}

/**
 * The path from the top of the source; null for a file outside it, such as one of the interpreter.
 *
 * @param app the app's folder inside the source, which the file's path is relative to
 */
export function pathInSource(app: string, file: string): string | null {
  if (posix.isAbsolute(file)) return null
  const path = posix.normalize(posix.join(app, file))
  return path === ".." || path.startsWith("../") ? null : path
}
