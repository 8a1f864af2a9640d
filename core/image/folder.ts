import type { Directory } from "@dagger.io/dagger"
import { newReport } from "../report/new-folder.js"
import { imageDocument } from "./document.js"
import { imageHtml } from "./html.js"
import { imageMarkdown } from "./markdown.js"
import type { ImageResult } from "./result.js"

/** The report as a folder, complete for a failed image too. */
export function imageReport(result: ImageResult): Directory {
  const folder = newReport()
    .withNewFile("image.json", imageDocument(result))
    .withNewFile("report.html", imageHtml(result))
    .withNewFile("summary.md", imageMarkdown(result))
  return result.started.kind === "seen" ? folder.withNewFile("service.log", result.started.seen.output) : folder
}
