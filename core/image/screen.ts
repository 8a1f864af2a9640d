import { alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines } from "../presentation/screen.js"
import { bytes, count, duration, moment, shortDigest } from "../shared/figures.js"
import type { PlatformImage } from "./inspected.js"
import { hasHealthcheck, pullSizeOf, sizeOf } from "./judge-content.js"
import { secretFiles } from "./judge-secrets.js"
import type { Problem, ProblemCode } from "./problem.js"
import { type ImageResult, imagePassed, shownPlatform } from "./result.js"

/** One screen for a terminal or a CI log: each check with its result, and why the image failed. */
export function imageScreen(result: ImageResult, where: { report: string }): string {
  const head = [
    ...header(result),
    "",
    ...alignColumns(checkRows(result), ["left", "left", "left"]).map((row) => fit(row, columns)),
  ]
  const foot = ["", ...remarks(result), `Full report: ${where.report}`, "", line(verdictLine(result))]
  return `${[...head, ...why(result.problems, screenLines - head.length - foot.length), ...foot].join("\n")}\n`
}

export function verdictLine(result: ImageResult): string {
  const { digest } = result.inspected
  if (!imagePassed(result))
    return `FAILED: ${count(result.problems.length, "problem")}: ${[...new Set(result.problems.map(({ code }) => code))].join(", ")}`
  return `PASSED: image ${shortDigest(digest)}, ${result.inspected.images.map((image) => `${image.platform} ${bytes(sizeOf(image))}`).join(", ")}`
}

function header(result: ImageResult): string[] {
  const { recipe, stamp, inspected } = result
  const made = recipe.kind === "dockerfile" ? recipe.path : "Tollgate's own build"
  const revision =
    stamp.revision === ""
      ? ""
      : ` · revision ${stamp.revision.slice(0, 12)}${stamp.revision.endsWith("-dirty") ? "-dirty" : ""}`
  return [
    line(`Tollgate ${result.tollgateVersion} · ${result.app} · source ${shortDigest(result.source)}`),
    line(`image ${inspected.digest}`),
    line(`built by ${made}${revision}${stamp.created === "" ? "" : ` · committed ${moment(stamp.created)}`}`),
  ]
}

/** A row per check; the report has the same rows. */
export function checkRows(result: ImageResult): string[][] {
  const image = shownPlatform(result)
  const verdict = (...codes: ProblemCode[]) =>
    result.problems.some(({ code }) => codes.includes(code)) ? "failed" : "passed"
  return [
    ["check", "verdict", "result"],
    ["user", verdict("runs-as-root", "user-unknown"), safe(image.config.User ?? "") || "not set: root"],
    [
      "size",
      verdict("too-large"),
      `${bytes(sizeOf(image))} of at most ${bytes(result.rules.maxSize)}; ${bytes(pullSizeOf(image))} to download, ${count(image.layers.length, "layer")}`,
    ],
    ["secrets", verdict("secret-file", "secret-in-environment", "secret-in-history"), secretsSeen(image, result)],
    [
      "health check",
      healthcheckVerdict(result, verdict("no-health-check", "health-check-failing")),
      healthcheckSeen(image, result),
    ],
    [
      "service",
      verdict(
        "not-started",
        "before-failed",
        "crashed",
        "not-listening",
        "wrong-port",
        "loopback-only",
        "not-answering",
        "unhealthy",
        "crashed-later",
        "unhealthy-later",
      ),
      serviceSeen(result),
    ],
    ["reproducible", reproducibleVerdict(result), reproducibleSeen(result)],
  ]
}

function secretsSeen(image: PlatformImage, { rules }: ImageResult): string {
  const found = secretFiles(image, rules.notSecret).length
  const looked = `${count(
    image.layers.reduce((sum, layer) => sum + layer.files, 0),
    "file",
  )} in all layers`
  return found === 0 ? `none in ${looked}` : `${found} of ${looked}`
}

/** If the service does not work, a failing health check says nothing about the check itself. */
function healthcheckVerdict({ started }: ImageResult, verdict: string): string {
  const passed = started.kind === "seen" && started.seen.healthcheck?.code === 0
  return verdict === "failed" || passed ? verdict : "inconclusive"
}

function healthcheckSeen(image: PlatformImage, { started }: ImageResult): string {
  if (!hasHealthcheck(image)) return "none"
  if (started.kind === "not-started" || started.seen.healthcheck === null) return "not run"
  return started.seen.healthcheck.code === 0
    ? "passes inside the container"
    : `fails with exit code ${started.seen.healthcheck.code}`
}

function serviceSeen({ started, rules }: ImageResult): string {
  if (started.kind === "not-started") return "not started"
  const { seen } = started
  if (seen.healthyAfter === null)
    return seen.exit === null ? `not healthy within ${duration(rules.startTimeout)}` : "exited"
  if (seen.exit !== null) return "healthy, then exited"
  return safe(
    `${rules.health} healthy ${duration(seen.healthyAfter)} after the start, observed for another ${duration(seen.settled)}`,
  )
}

function reproducibleVerdict({ reproducible }: ImageResult): string {
  if (reproducible.kind === "not-checked") return "skipped"
  return reproducible.kind === "yes" ? "yes" : "no"
}

function reproducibleSeen({ reproducible }: ImageResult): string {
  switch (reproducible.kind) {
    case "not-checked":
      return "pass --twice to build again without cache and compare"
    case "yes":
      return "a second build without cache has the same digest"
    case "times":
      return "identical except for the times of folders from COPY; see image.timestamps"
    case "no":
      return `a second build without cache has the digest ${shortDigest(reproducible.digest)}: ${safe(reproducible.differences.find((text) => text.startsWith("  "))?.trim() ?? "")}`
  }
}

/** Every problem, then what to do, then as much evidence as fits on the screen. */
function why(problems: Problem[], room: number): string[] {
  if (problems.length === 0) return []
  const title = ["", "Why it failed"]
  for (let details = 12; details >= 0; details -= 1) {
    const lines = [
      ...title,
      ...problems.flatMap((problem) => [
        ...messageLines(problem),
        ...nextLines(problem),
        ...evidenceLines(problem, details),
      ]),
    ]
    if (lines.length <= room) return lines
  }
  return [
    ...title,
    ...problems.map((problem) => `  ${problem.code}  ${line(problem.message, columns - problem.code.length - 4)}`),
    "  The report says how to fix each.",
  ]
}

function messageLines({ code, message }: Problem): string[] {
  return wrapWords(safe(message), columns - code.length - 4, 3).map((text, index) =>
    index === 0 ? `  ${code}  ${text}` : `    ${text}`,
  )
}

function nextLines({ next }: Problem): string[] {
  return wrapWords(safe(next), columns - 4, 3).map((text) => `    ${text}`)
}

/** Of a program's output, the last lines. Indented, because `::error::` at the start of a line is a command to GitHub. */
function evidenceLines({ details, output }: Problem, most: number): string[] {
  const shown = most === 0 ? [] : output ? details.slice(-most) : details.slice(0, most)
  return shown.map((text) => `      | ${line(text, columns - 8)}`)
}

function remarks({ inspected, started, rules }: ImageResult): string[] {
  const others = inspected.images.filter((image) => started.kind !== "seen" || image.platform !== started.platform)
  return [
    ...(started.kind === "seen" && started.cached
      ? [`Service started by an earlier run of the same image, ${moment(started.seen.at)}; --fresh starts it again`]
      : []),
    ...(started.kind === "seen" && others.length > 0
      ? [
          line(
            `Not started: ${others.map(({ platform }) => platform).join(", ")}; this engine only runs ${started.platform}`,
          ),
        ]
      : []),
    ...(rules.notSecret.length > 0
      ? [
          line(
            `Allowed by image.notSecret: ${rules.notSecret.map(({ path, variable, reason }) => `${path ?? variable} (${reason})`).join(", ")}`,
          ),
        ]
      : []),
  ]
}
