import { dag, type Directory } from "@dagger.io/dagger"
import { IGNORED } from "../../core/source.js"

/** A source of this machine, in the session that is open, without what is never part of one. */
export function hostSource(folder: string): Directory {
  return dag.host().directory(folder, { exclude: IGNORED })
}
