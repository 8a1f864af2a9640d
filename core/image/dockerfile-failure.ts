import { posix } from "node:path"
import { TollgateError } from "../errors.js"
import { lastCause } from "../shared/engine-cause.js"
import { type Instruction, instructions } from "./dockerfile-text.js"

/** What the engine said of a Dockerfile that it could not build, with the line that it is about. */
export function dockerfileFailure(message: string, dockerfile: string, text: string): TollgateError {
  const cause = lastCause(message)
  const all = instructions(text)
  const missing = missingFile(cause)
  const copy = missing === null ? undefined : all.find((one) => copies(one, missing))
  if (missing !== null && copy !== undefined)
    return new TollgateError(
      "image-build-failed",
      `${dockerfile}:${copy.start + 1}: \`${copy.keyword} ${copy.rest}\` finds no ${missing}.`,
      "Paths are relative to the app's folder (app.path). Is the file there, tracked by git, and not left out by .dockerignore? Nothing was published.",
    )
  const line = lineOf(cause, all)
  return new TollgateError(
    "image-build-failed",
    `${dockerfile}${line === null ? "" : `:${line}`} could not be built: ${cause}`,
    "Nothing was published. Correct the Dockerfile, or image.buildArgs and image.target of tollgate.yaml.",
  )
}

function missingFile(cause: string): string | null {
  const [, path] = /^(?:l?stat |open )?"?\/?([^":]+?)"?: (?:no such file or directory|not found)$/.exec(cause) ?? []
  return path ?? null
}

/** COPY and ADD from the context, not from another stage. */
function copies({ keyword, rest }: Instruction, missing: string): boolean {
  if (!/^(COPY|ADD)$/.test(keyword) || /--from=/.test(rest)) return false
  return sourcesOf(rest).some((source) => posix.normalize(source).replace(/^\/+|\/+$/g, "") === posix.normalize(missing).replace(/\/+$/, ""))
}

function sourcesOf(rest: string): string[] {
  const words = rest.replace(/^(?:--\S+\s+)+/, "")
  const listed = words.startsWith("[") ? [...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) => word) : words.split(/\s+/)
  return listed.slice(0, -1)
}

/** As the parser names it, or of the FROM whose image is in the cause. */
function lineOf(cause: string, all: readonly Instruction[]): number | null {
  const named = /\bon line (\d+)/.exec(cause)?.[1]
  if (named !== undefined) return Number(named)
  const from = all.find(({ keyword, rest }) => keyword === "FROM" && cause.includes((rest.replace(/^(?:--\S+\s+)+/, "").split(/\s+/)[0] ?? "").split("@")[0] ?? " "))
  return from === undefined ? null : from.start + 1
}
