import { type Directory, dag } from "@dagger.io/dagger"
import { IGNORED } from "../../core/source.js"

/** A source folder on this machine, in the open session, without files that are never part of a source. */
export function hostSource(folder: string): Directory {
  return dag.host().directory(folder, { exclude: IGNORED })
}
