import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { TollgateError } from "../../core/shared/errors.js"
import { gitEnvironment } from "../gate/git-repository.js"
import { committedSource, hostSource } from "../gate/host-source.js"

/** Gives the work the source that is meant: a folder that is there, or what git has under a revision, for as long as the work takes. */
export async function withRunningSource<T>(
  repository: string,
  named: string | undefined,
  work: (source: (() => Directory) | null) => Promise<T>,
): Promise<T> {
  if (named === undefined) return work(null)
  const folder = resolve(named)
  if (existsSync(folder) && statSync(folder).isDirectory()) return work(() => hostSource(folder, "running source"))
  const extracted = mkdtempSync(join(tmpdir(), "tollgate-running-"))
  try {
    extract(repository, named, extracted)
    return await work(() => committedSource(extracted))
  } finally {
    rmSync(extracted, { recursive: true, force: true })
  }
}

/** What git has under a commit, in a folder that goes with this process; null: git does not have it. */
export function sourceOfCommit(repository: string, commit: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-running-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  try {
    extract(repository, commit, folder)
    return folder
  } catch (error) {
    if (error instanceof TollgateError) return null
    throw error
  }
}

function extract(repository: string, revision: string, folder: string): void {
  try {
    // git sees to it that what is meant as a revision is not taken for an option
    const commit = git(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])
    const top = git(repository, ["rev-parse", "--show-toplevel"])
    const inside = git(repository, ["rev-parse", "--show-prefix"])
    // git archive would leave out what .gitattributes marks as export-ignore
    const index = { GIT_INDEX_FILE: `${folder}.index` }
    try {
      git(top, ["read-tree", `${commit}:${inside}`], index)
      git(top, ["checkout-index", "--all", `--prefix=${folder}/`], index)
    } finally {
      rmSync(`${folder}.index`, { force: true })
    }
  } catch {
    throw new TollgateError(
      "running-source",
      `--running-source: ${revision} is neither a folder nor a revision that git knows in ${repository}.`,
      "Nothing was run. Name the folder, tag or commit of the version that is running now; in a shallow clone fetch it first.",
    )
  }
}

function git(folder: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    env: { ...gitEnvironment(process.env), ...env },
    stdio: ["ignore", "pipe", "ignore"],
  }).trim()
}
