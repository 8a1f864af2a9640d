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
