import type { JudgedDigest } from "../../gate/work.js"
import { TollgateError } from "../../shared/errors.js"

export interface Judged {
  /** What each gate says that it judged. */
  readonly gates: readonly JudgedDigest[]
  /** Source that the image was built from. */
  readonly built: string
  /** The image that was read and started, and those of its platforms. */
  readonly judged: readonly string[]
  /** As the registry has it. */
  readonly published: string
}

/** Refuses a release unless what was tested, scanned, judged and published is one and the same. */
export function requireSameBytes({ gates, built, judged, published }: Judged): void {
  const [whole = ""] = judged
  const problems = [
    ...gates
      .filter(({ what, digest }) => what === "source" && digest !== built)
      .map(({ words, digest }) => `${words} the source ${digest}, and the image was built from ${built}.`),
    ...(published === whole ? [] : [`The registry has ${published}, and the image that passed is ${whole}.`]),
    ...gates
      .filter(({ what, digest }) => what === "image" && !judged.includes(digest))
      .map(({ words, digest }) => `${words} the image ${digest}, and the image that passed is ${whole}.`),
  ]
  if (problems.length > 0)
    throw new TollgateError(
      "digest-differs",
      problems.join("\n"),
      "Deploy again. If the image differs each time, `tollgate check-image --twice` shows what its build changes.",
    )
}

/** @param running digest of the image that the target started */
export function requireStarted(running: string, published: string): void {
  if (running !== published)
    throw new TollgateError(
      "digest-differs",
      `The target started the image ${running === "" ? "without a digest" : running}, and not the published ${published}.`,
      "Check who else changes containers on the hosts, and deploy again. No cleanup is needed.",
    )
}
