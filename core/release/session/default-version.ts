import type { Directory } from "@dagger.io/dagger"
import type { Stamp } from "../../image/stamp.js"
import { takeSource } from "../../source/take.js"

/** As many characters of a commit as a digest on the screens. */
const COMMIT = 12
const DIGEST = 12
const DIFFERENCE = 8

const DIRTY = /-dirty$/

/** The version of a release without --version. Both entry points give the same for the same source and commit. */
export async function defaultVersion({ revision }: Stamp, source: Directory): Promise<string> {
  return await versionOf(revision, async () => (await takeSource(source)).root.digest())
}

/**
 * The commit only where the source is that commit. With uncommitted changes, what is built is named by the commit and a digest of
 * the source; without a commit, or with the name of a branch, which moves, by the digest alone.
 *
 * @param revision a commit, "-dirty" at its end when the source has uncommitted changes; empty: not known
 */
export async function versionOf(revision: string, digest: () => Promise<string>): Promise<string> {
  const commit = revision.replace(DIRTY, "")
  if (!/^[0-9a-f]{7,64}$/i.test(commit)) return `source-${hex(await digest(), DIGEST)}`
  const short = commit.slice(0, COMMIT)
  return commit === revision ? short : `${short}-dirty-${hex(await digest(), DIFFERENCE)}`
}

function hex(digest: string, length: number): string {
  return digest.slice(digest.indexOf(":") + 1).slice(0, length)
}
