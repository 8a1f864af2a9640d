import { TollgateError } from "../shared/errors.js"

/** Values of the image's labels about its source. Empty if unknown; the label is then left out. */
export interface Stamp {
  /** The source's commit. */
  revision: string
  /** The commit's time, ISO 8601, so that every build of it is the same. */
  created: string
  /** URL of the repository. */
  source: string
}

export const noStamp: Stamp = { revision: "", created: "", source: "" }

/** Checks the values, because everyone who can pull the image can read its labels. */
export function stampOf(revision: string, created: string, source: string): Stamp {
  const problems: string[] = []
  if (!/^[\w./+-]{0,128}$/.test(revision)) problems.push(`--revision=${JSON.stringify(revision)} is not a commit id`)
  if (created !== "" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(created))
    problems.push(`--created=${JSON.stringify(created)} is not a time with a time zone, such as 2026-11-22T09:30:00Z`)
  // the URL is not repeated, because it may contain a password
  if (source !== "" && !/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(source))
    problems.push("--source-url is not an http or https URL, or it contains a login")
  if (problems.length > 0)
    throw new TollgateError(
      "stamp",
      problems.join("\n"),
      "Correct the options. For example: --revision=$(git rev-parse HEAD) --created=$(git log -1 --format=%cI) --source-url=https://github.com/acme/payments",
    )
  return { revision, created: created === "" ? "" : new Date(created).toISOString().replace(/\.\d+Z$/, "Z"), source }
}

const PREFIX = "org.opencontainers.image"

/** Labels with the pre-defined annotation keys of the OCI image specification. */
export function stampLabels(stamp: Stamp): [name: string, value: string][] {
  const labels: [string, string][] = [
    [`${PREFIX}.revision`, stamp.revision],
    [`${PREFIX}.source`, stamp.source],
    [`${PREFIX}.created`, stamp.created],
  ]
  return labels.filter(([, value]) => value !== "")
}

/** For files without a commit. 1980 is the earliest year that a zip file can store. */
export const EPOCH = 315532800

/**
 * The time of the source's files, in seconds. It is the commit's time and not a constant, because servers derive entity tags
 * from it, and two versions of a file must not get the same one.
 */
export function epochOf(stamp: Stamp): number {
  const time = Math.floor(Date.parse(stamp.created) / 1000)
  return Number.isNaN(time) ? EPOCH : time
}

export function createdOf(stamp: Stamp): string {
  return new Date(epochOf(stamp) * 1000).toISOString().replace(".000Z", "Z")
}
