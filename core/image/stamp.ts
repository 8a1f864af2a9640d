import { TollgateError } from "../errors.js"

/** What the image's labels say of its origin. Empty: not known, and then the label is left out. */
export interface Stamp {
  /** Commit that the source is of. */
  revision: string
  /** The commit's time, ISO 8601: the same for every build of it. */
  created: string
  /** URL of the repository. */
  source: string
}

export const noStamp: Stamp = { revision: "", created: "", source: "" }

/** What the caller says of the source, checked: it goes into labels that everybody reads. */
export function stampOf(revision: string, created: string, source: string): Stamp {
  const problems: string[] = []
  if (!/^[\w./+-]{0,128}$/.test(revision)) problems.push(`${JSON.stringify(revision)} is no revision: a commit's id is expected`)
  if (created !== "" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(created))
    problems.push(`${JSON.stringify(created)} is no time with its zone: expected one such as 2026-11-22T09:30:00Z`)
  // the URL itself is not repeated: what is wrong with it may be a password in it
  if (source !== "" && !/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(source)) problems.push("the source's URL is none of http or https, or it has a login in it")
  if (problems.length > 0)
    throw new TollgateError("stamp", problems.join("\n"), "For example --revision=$(git rev-parse HEAD) --created=$(git log -1 --format=%cI) --source-url=https://github.com/acme/payments")
  return { revision, created: created === "" ? "" : new Date(created).toISOString().replace(/\.\d+Z$/, "Z"), source }
}

const PREFIX = "org.opencontainers.image"

/** The labels of the OCI image specification, pre-defined annotation keys. */
export function stampLabels(stamp: Stamp): [name: string, value: string][] {
  const labels: [string, string][] = [
    [`${PREFIX}.revision`, stamp.revision],
    [`${PREFIX}.source`, stamp.source],
    [`${PREFIX}.created`, stamp.created],
  ]
  return labels.filter(([, value]) => value !== "")
}

/** For files that do not come of a commit. 1980 is the oldest year that a zip file can hold. */
export const EPOCH = 315532800

/**
 * The time of the source's files, in seconds. It is the commit's, not a constant: servers make entity tags of it, and
 * must not give two versions of a file the same one.
 */
export function epochOf(stamp: Stamp): number {
  const time = Math.floor(Date.parse(stamp.created) / 1000)
  return Number.isNaN(time) ? EPOCH : time
}

export function createdOf(stamp: Stamp): string {
  return new Date(epochOf(stamp) * 1000).toISOString().replace(".000Z", "Z")
}
