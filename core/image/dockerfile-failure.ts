import { posix } from "node:path"
import { lastCause } from "../shared/engine-cause.js"
import { TollgateError } from "../shared/errors.js"
import { type Instruction, instructions } from "./dockerfile-text.js"

/** The engine's error about a Dockerfile, with the line that caused it. */
export function dockerfileFailure(message: string, dockerfile: string, text: string): TollgateError {
  const cause = lastCause(message)
  const all = instructions(text)
  const missing = missingFile(cause)
  const copy = missing === null ? undefined : all.find((one) => copies(one, missing))
  if (missing !== null && copy !== undefined)
    return new TollgateError(
      "image-build-failed",
      `${dockerfile}:${copy.start + 1}: \`${copy.keyword} ${copy.rest.replace(/\s+/g, " ")}\` failed: ${missing} was not found.`,
      "Nothing was published. Make sure that the file exists, is tracked by Git and is not excluded by .dockerignore. Paths are relative to the app's folder (app.path).",
    )
  const line = lineOf(cause, all)
  return new TollgateError(
    "image-build-failed",
    `${dockerfile}${line === null ? "" : `:${line}`} could not be built: ${cause}`,
    "Nothing was published. Correct the Dockerfile, or image.buildArgs or image.target in tollgate.yaml.",
  )
}

function missingFile(cause: string): string | null {
  const [, path] = /^(?:l?stat |open )?"?\/?([^":]+?)"?: (?:no such file or directory|not found)$/.exec(cause) ?? []
  return path ?? null
}

/** COPY or ADD from the build context, not from another stage. */
function copies({ keyword, rest }: Instruction, missing: string): boolean {
  if (!/^(COPY|ADD)$/.test(keyword) || /--from=/.test(rest)) return false
  return sourcesOf(rest).some(
    (source) => posix.normalize(source).replace(/^\/+|\/+$/g, "") === posix.normalize(missing).replace(/\/+$/, ""),
  )
}

function sourcesOf(rest: string): string[] {
  const words = rest.replace(/^(?:--\S+\s+)+/, "")
  const listed = words.startsWith("[")
    ? [...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) => word)
    : words.split(/\s+/)
  return listed.slice(0, -1)
}

/** The line that the parser names, or that of the FROM whose image is in the cause. */
function lineOf(cause: string, all: readonly Instruction[]): number | null {
  const named = /\bon line (\d+)/.exec(cause)?.[1]
  if (named !== undefined) return Number(named)
  const from = all.find(
    ({ keyword, rest }) =>
      keyword === "FROM" &&
      cause.includes((rest.replace(/^(?:--\S+\s+)+/, "").split(/\s+/)[0] ?? "").split("@")[0] ?? " "),
  )
  return from === undefined ? null : from.start + 1
}
