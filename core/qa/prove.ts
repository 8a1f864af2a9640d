import type { Directory, Secret } from "@dagger.io/dagger"
import { readSecrets } from "../secrets/dotenv.js"
import { namingNoSpace } from "../shared/no-space.js"
import { appFolder, readSettings } from "../source.js"
import { type QaRun, runQa } from "./run.js"

export interface ProofRequest {
  /** Empty: all suites of tollgate.yaml. */
  suites: string[]
  /** Empty: evidence of an earlier run of the same source will do. */
  run: string
  /** Dotenv text. */
  secrets: Secret | undefined
}

/** From a repository to judged evidence: the one way in for `dagger call` and for the command line. */
export async function proveSource(source: Directory, request: ProofRequest): Promise<QaRun> {
  const settings = await readSettings(source)
  const [app, secrets, installSecrets] = await Promise.all([
    appFolder(source, settings),
    readSecrets(request.secrets, settings.qa.secrets, "qa.secrets"),
    readSecrets(
      request.secrets,
      settings.app.dependencies.secrets,
      "app.dependencies.secrets",
      (name) => `tollgate-install-${name}`,
    ),
  ])
  const { suites, run } = request
  return namingNoSpace("the engine's disk", () =>
    runQa({ settings, source: app, suites, run, secrets, installSecrets }),
  )
}
