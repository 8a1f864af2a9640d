import { TollgateError } from "../../shared/errors.js"

/** What each gate looked at, by digest. */
export interface Judged {
  /** Source of the evidence; null: the environment does not ask for it. */
  readonly tested: string | null
  /** Source that the image was built from. */
  readonly built: string
  /** Image that was scanned; null: no image was. */
  readonly scanned: string | null
  /** The image that was read and started, and those of its platforms. */
  readonly judged: readonly string[]
  /** As the registry has it. */
  readonly published: string
}

/** Refuses a release unless what was tested, scanned, judged and published is one and the same. */
export function requireSameBytes({ tested, built, scanned, judged, published }: Judged): void {
  const [whole = ""] = judged
  const problems = [
    ...(tested === null || tested === built
      ? []
      : [`The tests ran on the source ${tested}, and the image was built from ${built}.`]),
    ...(published === whole ? [] : [`The registry has ${published}, and the image that passed is ${whole}.`]),
    ...(scanned === null || judged.includes(scanned)
      ? []
      : [`The scan read the image ${scanned}, and the image that passed is ${whole}.`]),
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
