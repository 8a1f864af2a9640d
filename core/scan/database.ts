import type { Container, Directory } from "@dagger.io/dagger"
import type { ScanSettings } from "../config/scan.js"
import { runId } from "../qa/run-id.js"
import { asExecError } from "../shared/exec-error.js"
import { type DatabaseVerdict, downloadProblem, judgeDatabase } from "./database-verdict.js"
import { DATABASE, downloadOptions } from "./trivy.js"

/** Trivy's own defaults, in this order. */
const PUBLIC = "mirror.gcr.io/aquasec/trivy-db:2,ghcr.io/aquasecurity/trivy-db:2"

/** Trivy's database is built every six hours, so a copy is reused for six hours. */
const REUSE_MS = 6 * 60 * 60 * 1000

export interface FetchedDatabase {
  verdict: DatabaseVerdict
  /** null if the download failed. */
  directory: Directory | null
  /** It may be a copy that an earlier run downloaded in the last six hours. */
  reused: boolean
}

/**
 * Downloads the vulnerability database in a step of its own, and checks it before any scan uses it.
 *
 * @param run id of a run that needs a new download; empty to reuse a copy of the last six hours
 * @param named the repository in TRIVY_DB_REPOSITORY of Trivy's image
 */
export async function fetchDatabase(
  trivy: Container,
  settings: ScanSettings,
  named: string | null,
  run: string,
  now: Date,
): Promise<FetchedDatabase> {
  const repository = settings.database ?? named ?? PUBLIC
  const fetchAs = (nonce: string) => fetchOnce(trivy, settings, repository, nonce, now)
  const download = async (nonce: string) => ({ ...(await fetchAs(nonce)), reused: false })
  if (run !== "") return download(run)
  const copy = await fetchAs(`copy ${Math.floor(now.getTime() / REUSE_MS)}`)
  // a usable copy may have become too old since, and an unusable one may have been repaired in the registry
  return copy.verdict.kind === "unusable" && copy.directory !== null ? download(runId(now)) : { ...copy, reused: true }
}

async function fetchOnce(
  trivy: Container,
  settings: ScanSettings,
  repository: string,
  nonce: string,
  now: Date,
): Promise<Omit<FetchedDatabase, "reused">> {
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
    return {
      verdict: { kind: "unusable", database, reason: downloadProblem(repository, failed.stderr) },
      directory: null,
    }
  }
}
