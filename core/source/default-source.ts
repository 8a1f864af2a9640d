import { type Directory, dag } from "@dagger.io/dagger"
import { TollgateError } from "../shared/errors.js"

/** Files that only a clone of Tollgate has together. */
const OWN = ["core/module/index.ts", "dagger.json", "src/release-summary.ts"]

/** Whether a folder with these files is Tollgate's own repository. */
export function isTollgate(files: readonly string[]): boolean {
  return OWN.every((file) => files.includes(file))
}

/**
 * Dagger's default for an argument like --source is the repository that the module is from: with `dagger -m github.com/…/tollgate`,
 * Tollgate's own, whose suites would pass in place of the caller's.
 */
export async function requireOwnSource(files: readonly string[]): Promise<void> {
  if (!isTollgate(files)) return
  const called = await filesOfCaller()
  if (called === null || isTollgate(called)) return
  throw new TollgateError(
    "source-default",
    "The source is Tollgate's own repository, and this call was made from another folder. Without --source, Dagger loads the repository that the module is from.",
    "Nothing was run. Pass your repository: dagger -m … call --source=. …; to run Tollgate's own gates, call it in its own clone.",
  )
}

/** null: Dagger does not tell where the call was made. */
async function filesOfCaller(): Promise<string[] | null> {
  try {
    return await workspace().glob("**/*")
  } catch {
    return null
  }
}

function workspace(): Directory {
  return dag.currentWorkspace().directory("/", { include: OWN })
}
