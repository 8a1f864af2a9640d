import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { TollgateError } from "../../shared/errors.js"
import type { Access } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import { readOpenReviews, reviewLine } from "../approval/review-ledger.js"
import { wrongSignatures } from "../approval/signatures.js"
import { openReleaseLedger } from "../ledger/open-ledger.js"
import { firstLine } from "../pipeline/run.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import type { TargetStatus } from "./screen.js"

export interface StatusRequest {
  readonly environment: string
  readonly access: Access
  readonly ledger: string | null
  readonly sandbox?: string
}

const LOOKS_BACK = 8

/** Reads releases from the target; works without the ledger. */
export async function readStatus(
  settings: Settings,
  { environment, access, ledger: url, sandbox }: StatusRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<TargetStatus> {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox)
  try {
    const running = await place.target.running()
    const service = serviceName(settings.release.name, settings.image.name)
    const status = { service, environment, target: place.target.name, running }
    try {
      const opened = await openReleaseLedger(settings, place, entryPoint, url, "wanted", (text) => text)
      if (opened === null) return { ...status, history: null, ledgerProblem: "--ledger is not set", reviews: [] }
      try {
        const history = await opened.ledger.releases(environment, LOOKS_BACK)
        const [wrong = ""] = await wrongSignatures(opened.ledger, settings, [environment])
        const reviews = await readOpenReviews(opened.ledger, settings, environment)
        return { ...status, history, ledgerProblem: wrong, reviews: reviews.map(reviewLine) }
      } finally {
        await opened.close()
      }
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error
      return { ...status, history: null, ledgerProblem: firstLine(error), reviews: [] }
    }
  } finally {
    await place.target.close()
  }
}
