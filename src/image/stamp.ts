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
