import type { Directory } from "@dagger.io/dagger"
import { LOCKFILE_NAMES, type LockfileFacts } from "./looked-at.js"
import { requirementsIn } from "./requirements.js"

const REQUIREMENTS = /\.(txt|in)$/

/** What the service asks for, from the files that its installation reads. A file that is not there is for the installation to miss. */
export async function lockfileFacts(app: Directory, files: string[]): Promise<LockfileFacts> {
  const there = await Promise.all(files.map(async (path) => ((await app.exists(path)) ? path : null)))
  const found = there.filter((path) => path !== null)
  const texts = await Promise.all(found.filter((path) => REQUIREMENTS.test(path)).map(async (path) => [path, requirementsIn(await app.file(path).contents())] as const))
  const lockfiles = await Promise.all(LOCKFILE_NAMES.map((name) => app.glob(`**/${name}`)))
  return { requirements: new Map(texts), others: found.filter((path) => !REQUIREMENTS.test(path)), lockfiles: lockfiles.flat().sort() }
}
