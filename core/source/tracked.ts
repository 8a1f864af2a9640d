export type TrackedKind =
  | "file"
  | "symlink"
  | "submodule"
  /** A folder of a sparse checkout whose files are not in the working tree. */
  | "sparse-folder"

/** One entry of Git's index: what a clone has at this path. */
export interface Tracked {
  path: string
  kind: TrackedKind
  /** Git was told that the working tree does not have it: outside a sparse checkout. */
  skipped: boolean
  /** Of the blob: the content that a clone has. */
  id: string
  /** Of the file when Git last looked at it; null when that was not recorded. */
  size: number | null
  /** Time of modification when Git last looked at it, in nanoseconds; null when that was not recorded. */
  modified: bigint | null
}

export function kindOf(mode: number): TrackedKind {
  switch (mode & 0o170000) {
    case 0o120000:
      return "symlink"
    case 0o160000:
      return "submodule"
    case 0o040000:
      return "sparse-folder"
    default:
      return "file"
  }
}
