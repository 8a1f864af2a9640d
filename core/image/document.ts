import { maskedConfig } from "./judge-content.js"
import { type ImageResult, imagePassed } from "./result.js"

/** image.json: all that the gate knew and what it made of it, for whoever wants to check the verdict or keep it. */
export function imageDocument(result: ImageResult): string {
  const { app, source, tollgateVersion, recipe, stamp, rules, inspected, started, reproducible, problems } = result
  const document = {
    format: 1,
    tollgate: tollgateVersion,
    verdict: imagePassed(result) ? "proven" : "red",
    app,
    source,
    digest: inspected.digest,
    builtBy: recipe.kind === "dockerfile" ? recipe.path : "tollgate",
    stamp,
    problems: problems.map(({ code, what, next, details }) => ({ code, what, next, details })),
    rules,
    platforms: inspected.images.map((image) => ({ ...image, config: maskedConfig(image.config) })),
    service: started,
    reproducible,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
