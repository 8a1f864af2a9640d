import type { Ignore } from "../config/scan.js"
import { matchesPathOrFolder } from "../shared/path-pattern.js"
import { normalName } from "./findings.js"
import type { Finding, Place } from "./result.js"

export interface IgnoreUse {
  entry: Ignore
  /** The day of `until` is over. */
  expired: boolean
  /** Days left after today; negative if expired. */
  daysLeft: number
  /** Findings that it covers, or would cover if it had not expired. */
  covers: Finding[]
}

export interface IgnoredBy {
  reason: string
  until: string
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Matches the entries of scan.ignore with findings. A finding is ignored if entries that have not expired cover every place
 * where it was found.
 *
 * @param app the app's folder inside the source; a lockfile's path may be relative to either
 */
export function applyIgnores(
  findings: Finding[],
  ignores: Ignore[],
  app: string,
  now: Date,
): { uses: IgnoreUse[]; ignored: Map<Finding, IgnoredBy> } {
  const today = Math.floor(now.getTime() / DAY_MS)
  const uses = ignores.map((entry): IgnoreUse => {
    const daysLeft = Date.parse(`${entry.until}T00:00:00Z`) / DAY_MS - today
    return {
      entry,
      daysLeft,
      expired: daysLeft < 0,
      covers: findings.filter(
        (finding) => isAbout(entry, finding) && finding.places.some((place) => isIn(entry, place, app)),
      ),
    }
  })
  const ignored = new Map<Finding, IgnoredBy>()
  for (const finding of findings) {
    const valid = uses.filter((use) => !use.expired && use.covers.includes(finding)).map((use) => use.entry)
    const [first] = valid
    const everywhere = finding.places.every((place) => valid.some((entry) => isIn(entry, place, app)))
    if (first !== undefined && everywhere) ignored.set(finding, { reason: first.reason, until: first.until })
  }
  return { uses, ignored }
}

function isAbout(entry: Ignore, finding: Finding): boolean {
  const wanted = entry.id.toLowerCase()
  if (![finding.id, ...finding.aliases].some((id) => id.toLowerCase() === wanted)) return false
  return (
    entry.package === undefined ||
    (finding.package !== null && normalName(finding.package) === normalName(entry.package))
  )
}

function isIn(entry: Ignore, place: Place, app: string): boolean {
  if (entry.paths === undefined) return true
  const names = place.scan === "lockfiles" && app !== "." ? [place.path, `${app}/${place.path}`] : [place.path]
  return entry.paths.some((pattern) => names.some((name) => matchesPathOrFolder(name, pattern.replace(/^\.?\/+/, ""))))
}
