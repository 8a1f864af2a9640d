import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { TollgateError } from "../../core/shared/errors.js"
import { gitEnvironment } from "../gate/git-repository.js"

/** Seconds that a fetch may take. */
const FETCH = 120

const run = promisify(execFile)

/** Whether a folder is in a Git repository with a commit. */
export async function isInGit(folder: string): Promise<boolean> {
  return await git(folder, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).then(
    () => true,
    () => false,
  )
}

/**
 * The folder as a commit has it, as long as the work takes: a clean working tree of the same repository, so that what is read of it is
 * what a clone at this commit gives. Nothing here blocks: a runner renews its lease meanwhile.
 *
 * @param folder the repository, or the service's folder in it
 * @param revision all forty digits
 */
export async function withCheckout<T>(
  folder: string,
  revision: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await requireCommit(folder, revision)
  const inside = await git(folder, ["rev-parse", "--show-prefix"])
  const room = mkdtempSync(join(tmpdir(), "tollgate-deploy-"))
  const tree = join(room, "source")
  try {
    // those of a runner that was killed
    await git(folder, ["worktree", "prune"])
    // a hook of this machine is no part of the commit
    await git(folder, ["-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", "--quiet", tree, revision])
    return await work(join(tree, inside))
  } finally {
    await git(folder, ["worktree", "remove", "--force", tree]).catch(() => undefined)
    rmSync(room, { recursive: true, force: true })
  }
}

/** From the branches and tags of the remote; never by its id alone: a host also serves commits of forks by their ids. */
async function requireCommit(folder: string, revision: string): Promise<void> {
  if (await hasCommit(folder, revision)) return
  const failed = await git(folder, ["fetch", "--quiet", "--tags", "--no-recurse-submodules"], FETCH).then(
    () => null,
    (error: unknown) => lastLine(error),
  )
  if (await hasCommit(folder, revision)) return
  throw new TollgateError(
    "deploy-commit",
    `The runner's repository does not have the commit ${revision}${failed === null ? ", and the branches and tags of its remote do not either" : `, and fetching failed: ${failed}`}.`,
    "Push the commit to a branch, let the runner's clone be a full one, and request the deployment again. Nothing was changed.",
  )
}

async function hasCommit(folder: string, revision: string): Promise<boolean> {
  return await git(folder, ["cat-file", "-e", `${revision}^{commit}`]).then(
    () => true,
    () => false,
  )
}

async function git(folder: string, args: readonly string[], seconds = 60): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...args], {
    encoding: "utf8",
    // nobody is there to type a password
    env: { ...gitEnvironment(process.env), GIT_TERMINAL_PROMPT: "0" },
    timeout: seconds * 1000,
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout.trim()
}

/** Git's own words, without a login in the remote's address. */
function lastLine(error: unknown): string {
  const printed = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : ""
  const line = printed.split("\n").at(-1) ?? ""
  if (line !== "") return line.replace(/(\w+:\/\/)[^\s/@]*@/g, "$1")
  return error instanceof Error && "killed" in error && error.killed === true
    ? `no answer within ${FETCH} s`
    : "git fetch failed"
}
