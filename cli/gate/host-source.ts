import { dag, type Directory } from "@dagger.io/dagger"
import { IGNORED } from "../../core/source.js"

/** A source folder of this machine in the current session, without ignored folders. */
export function hostSource(folder: string): Directory {
  return dag.host().directory(folder, { exclude: IGNORED })
}
