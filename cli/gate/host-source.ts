import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Directory, dag } from "@dagger.io/dagger"
import { TollgateError } from "../../core/shared/errors.js"
import { linksOutOf, pointersIn } from "../../core/source/look.js"
import { IGNORED } from "../../core/source/not-source.js"
import { sayRemarks } from "../../core/source/remarks.js"
import { alreadyTaken } from "../../core/source/take.js"
import { type GitRepository, readRepository } from "./git-repository.js"
import { notUploaded, remarksOn } from "./git-source.js"

/**
 * The source in a folder of this machine, in the open session: what Git tracks, and what it neither tracks nor ignores.
 *
 * @param name what the lines call it that say where it differs from a clone
 */
export function hostSource(folder: string, name = "source"): Directory {
  const reading = readRepository(folder)
  switch (reading.kind) {
    case "repository":
      return gitSource(folder, reading.repository, name)
    case "none":
      return dag.host().directory(folder, { exclude: IGNORED })
    case "failed":
      // the index alone tells what is tracked
      if (existsSync(join(folder, ".git/index"))) return dag.host().directory(folder, { exclude: IGNORED })
      if (reading.why === "git is not installed" && !existsSync(join(folder, ".git")))
        return dag.host().directory(folder, { exclude: IGNORED })
      throw new TollgateError(
        "source-git",
        `Git could not list the files of ${folder}: ${reading.why}`,
        "Nothing was run. Correct what Git complains about; `git -C FOLDER ls-files` must succeed. Then run again.",
      )
  }
}

/** A folder whose files are all tracked: taken out of a commit. */
export function committedSource(folder: string): Directory {
  const root = dag.host().directory(folder)
  return alreadyTaken(root, () => root)
}

function gitSource(folder: string, repository: GitRepository, name: string): Directory {
  const links = repository.tracked.filter(({ kind }) => kind === "symlink").map(({ path }) => path)
  sayRemarks(
    remarksOn(repository, {
      exists: (path) => existsSync(join(folder, path)),
      pointers: pointersIn(folder, repository.tracked),
      links: linksOutOf(folder, links),
    }),
    name,
  )
  return alreadyTaken(dag.host().directory(folder, { exclude: notUploaded(repository), noCache: true }), () =>
    dag.host().directory(folder, { exclude: IGNORED }),
  )
}
