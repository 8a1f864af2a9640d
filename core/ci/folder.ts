import { type Directory, dag } from "@dagger.io/dagger"
import { gates } from "../config/gates.js"
import { SuitesProduct } from "../report/ci.js"
import { githubAnnotations } from "./annotations.js"
import { isWorthTelling } from "./change.js"
import { codeQuality } from "./code-quality.js"
import { ciHtml } from "./html.js"
import { ciJunit } from "./junit.js"
import { ciComment, ciSummary } from "./markdown.js"
import type { CiRun } from "./run.js"
import { statusFile } from "./status.js"

export interface ReportOptions {
  /** Tells apart the comments of several services. */
  key: string
  /** URL of the report, for the comment; empty: unknown. */
  url: string
  /** `changed`: no comment when nothing changed and every gate passed. */
  comment: "always" | "changed"
}

/** The report's folder, also of a failed run: status.json, index.html and the like, and each gate's own report in a folder. */
export async function ciReport({ status, states }: CiRun, options: ReportOptions): Promise<Directory> {
  const products = [...states].flatMap(([name, state]) =>
    state.kind === "ended" && state.outcome.product !== null ? [{ name, product: state.outcome.product }] : [],
  )
  const suites = products.flatMap(({ product }) => (product instanceof SuitesProduct ? product.run.result.suites : []))
  const parts = products.flatMap(({ product }) => product.part ?? [])
  const located = new Map(
    [...states].flatMap(([name, state]) => (state.kind === "ended" ? [[name, state.outcome.located ?? []]] : [])),
  )
  const summaries = new Map(
    products.flatMap(({ name, product }) => (product.summary === "" ? [] : [[name, product.summary]])),
  )
  let folder = dag
    .directory()
    .withNewFile("status.json", statusFile(status))
    .withNewFile("summary.md", ciSummary(status, summaries))
    .withNewFile("annotations.txt", githubAnnotations(status))
    .withNewFile("gl-code-quality.json", codeQuality(status, located))
    .withNewFile("index.html", ciHtml(status, parts))
    .withNewFile("junit.xml", await ciJunit(status, suites))
  if (options.comment === "always" || isWorthTelling(status))
    folder = folder.withNewFile("pr-comment.md", ciComment(status, { key: options.key, report: options.url }))
  const folders = await Promise.all(
    products.map(async ({ name, product }) => ({ name, files: await product.folder() })),
  )
  for (const { name, files } of folders) folder = folder.withDirectory(name, files)
  for (const { name } of products)
    for (const file of gates[name].ci.files) folder = folder.withFile(file, folder.file(`${name}/${file}`))
  return folder
}
