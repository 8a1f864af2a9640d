import { maskedConfig } from "./judge-secrets.js"
import { type ImageResult, imagePassed } from "./result.js"

/** image.json: the evidence and the verdict, as data. */
export function imageDocument(result: ImageResult): string {
  const { app, source, tollgateVersion, recipe, stamp, rules, inspected, started, reproducible, problems } = result
  const document = {
    format: 2,
    tollgate: tollgateVersion,
    verdict: imagePassed(result) ? "passed" : "failed",
    app,
    source,
    digest: inspected.digest,
    builtBy: recipe.kind === "dockerfile" ? recipe.path : "tollgate",
    stamp,
    problems: problems.map(({ code, message, next, details }) => ({ code, message, next, details })),
    rules,
    platforms: inspected.images.map((image) => ({ ...image, config: maskedConfig(image.config) })),
    service: started,
    reproducible,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
