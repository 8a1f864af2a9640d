import { type Directory, dag } from "@dagger.io/dagger"

/** A report's folder, wherever it is exported to: it belongs to no commit, and a source is the same with and without it. */
export function newReport(): Directory {
  return dag.directory().withNewFile(".gitignore", "*\n")
}
