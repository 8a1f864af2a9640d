import { code, details, pre, table, text } from "../presentation/markdown-markup.js"
import { bytes, count, shortDigest } from "../shared/figures.js"
import { madeBy, sizeOf } from "./judge-content.js"
import type { Problem } from "./problem.js"
import { type ImageResult, imagePassed, shownPlatform } from "./result.js"
import { checkRows, verdictLine } from "./screen.js"

/** summary.md, for GitHub's job summary or a comment. */
export function imageMarkdown(result: ImageResult): string {
  const [titles = [], ...rows] = checkRows(result)
  const blocks = [
    `## ${imagePassed(result) ? "✅" : "❌"} ${text(verdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} · ${code(result.app)} · source ${code(shortDigest(result.source))} · image ${code(result.inspected.digest)}`,
    table(
      titles,
      ["left", "left", "left"],
      rows.map(([name = "", verdict = "", seen = ""]) => [
        name,
        verdict === "failed" ? "❌ **failed**" : text(verdict),
        text(seen),
      ]),
    ),
    ...result.problems.flatMap(problemBlocks),
    layers(result),
  ]
  return `${blocks.join("\n\n")}\n`
}

function problemBlocks({ code: name, message, next, details }: Problem): string[] {
  return [
    `### ${code(name)}`,
    `${text(message)}. ${text(next)}`,
    ...(details.length === 0 ? [] : [pre(details.join("\n"))]),
  ]
}

function layers(result: ImageResult): string {
  const image = shownPlatform(result)
  const rows = image.layers.map((layer, index) => [
    `${index + 1}`,
    bytes(layer.size),
    `${layer.files}`,
    code(madeBy(layer.origin), 160),
  ])
  return details(
    `${count(image.layers.length, "layer")}, ${bytes(sizeOf(image))}`,
    table(["layer", "size", "files", "made by"], ["right", "right", "right", "left"], rows),
  )
}
