import type { Container, Directory } from "@dagger.io/dagger"
import type { ScanSettings } from "../config/scan.js"
import { asExecError } from "../exec-error.js"
import { runId } from "../qa/run-id.js"
import { type DatabaseVerdict, downloadProblem, judgeDatabase } from "./database-verdict.js"
import { DATABASE, downloadOptions } from "./trivy.js"

/** Where Trivy itself looks, in this order. */
const PUBLIC = "mirror.gcr.io/aquasec/trivy-db:2,ghcr.io/aquasecurity/trivy-db:2"

/** Trivy's database is built every six hours: a copy serves as long. */
const KEPT_MS = 6 * 60 * 60 * 1000

export interface FetchedDatabase {
  verdict: DatabaseVerdict
  /** null: nothing could be downloaded. */
  directory: Directory | null
  /** It may be a copy of the last hours. */
  kept: boolean
}

/**
 * Downloads the vulnerability database, apart from every scan, and judges it before one uses it.
 *
 * @param run id of a run that wants it fresh; empty: a copy of the last hours will do
 * @param named the repository that Trivy's image names
 */
export async function fetchDatabase(trivy: Container, settings: ScanSettings, named: string | null, run: string, now: Date): Promise<FetchedDatabase> {
  const repository = settings.database ?? named ?? PUBLIC
  const fetchAs = (nonce: string) => fetchOnce(trivy, settings, repository, nonce, now)
  const anew = async (nonce: string) => ({ ...(await fetchAs(nonce)), kept: false })
  if (run !== "") return anew(run)
  const kept = await fetchAs(`kept ${Math.floor(now.getTime() / KEPT_MS)}`)
  // a copy that was good when it was fetched may have grown too old since, and one that was bad may have been mended
  return kept.verdict.kind === "red" && kept.directory !== null ? anew(runId(now)) : { ...kept, kept: true }
}

async function fetchOnce(trivy: Container, settings: ScanSettings, repository: string, nonce: string, now: Date): Promise<Omit<FetchedDatabase, "kept">> {
  const args = ["trivy", "image", ...downloadOptions(repository, settings.timeout)]
  const downloaded = trivy.withEnvVariable("TOLLGATE_DATABASE", nonce).withExec(args)
  try {
    const directory = downloaded.directory(DATABASE)
    const files = await directory.entries()
    const metadata = files.includes("metadata.json") ? await directory.file("metadata.json").contents() : null
    return { verdict: judgeDatabase(repository, metadata, settings.maxDatabaseAge, now), directory }
  } catch (error) {
    const failed = asExecError(error)
    if (failed === null) throw error
    const database = { repository, updatedAt: null, ageHours: null }
    return { verdict: { kind: "red", database, reason: downloadProblem(repository, failed.stderr) }, directory: null }
  }
}
