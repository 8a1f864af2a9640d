import { type Judged, wordsBehind } from "../gate/outcome.js"
import { sizeOf } from "./judge-content.js"
import { type ImageResult, imagePassed, shownPlatform } from "./result.js"
import { verdictLine } from "./screen.js"

/** The image's result in the words of `ci`. */
export function imageOutcome(result: ImageResult): Judged {
  return {
    verdict: imagePassed(result) ? "passed" : "failed",
    words: wordsBehind(verdictLine(result)),
    reasons: result.problems.map(({ code, message, next }) => `${code}: ${message}. ${next}`),
    figures: [{ name: "image-size", value: sizeOf(shownPlatform(result)) }],
    cached: result.started.kind === "seen" && result.started.cached,
  }
}
