import { alignColumns, displayWidth, fit } from "../report/columns.js"
import { bytes, count, duration, moment, shortDigest } from "../report/figures.js"
import { line, safe, screenColumns as columns, screenLines } from "../report/screen.js"
import type { PlatformImage } from "./inspected.js"
import { hasHealthcheck, pullSizeOf, secretFiles, sizeOf } from "./judge-content.js"
import type { Refusal, RefusalCode } from "./refusal.js"
import { type ImageResult, isGood, shownPlatform } from "./result.js"

/** One screen for a terminal or a CI log: what was asked of the image, what was seen, and first of all why not. */
export function imageScreen(result: ImageResult, where: { report: string }): string {
  const head = [...header(result), "", ...alignColumns(checkRows(result), ["left", "left", "left"]).map((row) => fit(row, columns))]
  const foot = ["", ...remarks(result), `Full report: ${where.report}`, "", line(verdictLine(result))]
  return `${[...head, ...why(result.refusals, screenLines - head.length - foot.length), ...foot].join("\n")}\n`
}

export function verdictLine(result: ImageResult): string {
  const { digest } = result.inspected
  if (!isGood(result)) return `RED: the image is refused for ${count(result.refusals.length, "reason")}: ${[...new Set(result.refusals.map(({ code }) => code))].join(", ")}`
  return `PROVEN: image ${shortDigest(digest)}, ${result.inspected.images.map((image) => `${image.platform} ${bytes(sizeOf(image))}`).join(", ")}`
}

function header(result: ImageResult): string[] {
  const { recipe, stamp, inspected } = result
  const made = recipe.kind === "dockerfile" ? recipe.path : "Tollgate's own build"
  const revision = stamp.revision === "" ? "" : ` · revision ${stamp.revision.slice(0, 12)}`
  return [
    line(`Tollgate ${result.tollgateVersion} · ${result.app} · source ${shortDigest(result.source)}`),
    line(`image: ${inspected.digest} by ${made}${revision}`),
  ]
}

/** What was asked, whether it holds, and what was seen; the report has the same rows. */
export function checkRows(result: ImageResult): string[][] {
  const image = shownPlatform(result)
  const verdict = (...codes: RefusalCode[]) => (result.refusals.some(({ code }) => codes.includes(code)) ? "RED" : "ok")
  return [
    ["check", "verdict", "what was seen"],
    ["user", verdict("runs-as-root", "user-unknown"), safe(image.config.User ?? "") || "none: root"],
    ["size", verdict("too-large"), `${bytes(sizeOf(image))} of ${bytes(result.rules.maxSize)}; ${bytes(pullSizeOf(image))} to pull, ${count(image.layers.length, "layer")}`],
    ["secrets", verdict("secret-file", "secret-in-environment", "secret-in-history"), secretsSeen(image, result)],
    ["health check", verdict("no-health-check", "health-check-failing"), healthcheckSeen(image, result)],
    ["service", verdict("not-started", "before-failed", "crashed", "not-listening", "wrong-port", "loopback-only", "not-answering", "unhealthy", "crashed-later", "unhealthy-later"), serviceSeen(result)],
    ["reproducible", reproducibleVerdict(result), reproducibleSeen(result)],
  ]
}

function secretsSeen(image: PlatformImage, { rules }: ImageResult): string {
  const found = secretFiles(image, rules.notSecret).length
  const looked = `${count(image.layers.reduce((sum, layer) => sum + layer.files, 0), "file")} in all layers`
  return found === 0 ? `none in ${looked}` : `${found} of ${looked}`
}

function healthcheckSeen(image: PlatformImage, { started }: ImageResult): string {
  if (!hasHealthcheck(image)) return "none"
  if (started.kind === "not-started" || started.seen.healthcheck === null) return "there; not run"
  return started.seen.healthcheck.code === 0 ? "its command passes inside the container" : `its command fails with exit code ${started.seen.healthcheck.code}`
}

function serviceSeen({ started, rules }: ImageResult): string {
  if (started.kind === "not-started") return "not started"
  const { seen, cached } = started
  const earlier = cached ? `, seen ${moment(seen.at)}; --fresh starts it again` : ""
  if (seen.healthyAfter === null || seen.exit !== null) return `did not become healthy within ${duration(rules.startTimeout)}${earlier}`
  return safe(`${rules.health} healthy ${duration(seen.healthyAfter)} after the start, and ${duration(seen.settled)} more${earlier}`)
}

function reproducibleVerdict({ reproducible }: ImageResult): string {
  return reproducible.kind === "not-checked" ? "–" : reproducible.kind
}

function reproducibleSeen({ reproducible }: ImageResult): string {
  switch (reproducible.kind) {
    case "not-checked":
      return "not checked; --twice builds it again from nothing and compares"
    case "yes":
      return "a second build, from nothing, gave the same digest"
    case "no":
      return `a second build, from nothing, gave ${shortDigest(reproducible.digest)}: ${safe(reproducible.differences.find((text) => text.startsWith("  "))?.trim() ?? "")}`
  }
}

/** As much of the evidence as the rest of the screen holds; each reason has its first lines at least. */
function why(refusals: Refusal[], room: number): string[] {
  if (refusals.length === 0) return []
  for (let details = 12; ; details -= 1) {
    const lines = ["", "Why it is refused", ...refusals.flatMap((refusal) => refusalLines(refusal, details))]
    if (lines.length <= room || details === 0) return lines.slice(0, Math.max(room, 3))
  }
}

function refusalLines({ code, what, next, details }: Refusal, most: number): string[] {
  const first = `  ${code}  ${safe(what)}`
  const shown = code.startsWith("crashed") || code === "unhealthy" || code === "not-listening" || code === "before-failed" ? details.slice(-most) : details.slice(0, most)
  return [
    ...(displayWidth(first) <= columns ? [first] : wrapped(first, "    ")),
    ...wrapped(`    ${next}`, "    "),
    ...(most === 0 ? [] : shown.map((text) => `      | ${line(text, columns - 8)}`)),
  ]
}

/** On as many lines as it takes: a piece of advice that is cut off is none. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = []
  let current = /^ */.exec(text)?.[0] ?? ""
  for (const word of safe(text).split(" ")) {
    const longer = current.trim() === "" ? `${current}${word}` : `${current} ${word}`
    if (displayWidth(longer) <= columns || current.trim() === "") current = longer
    else {
      lines.push(current)
      current = indent + word
    }
  }
  return [...lines, fit(current, columns)]
}

function remarks({ inspected, started, rules }: ImageResult): string[] {
  const others = inspected.images.filter((image) => started.kind !== "seen" || image.platform !== started.platform)
  const tests = new Set(inspected.images.flatMap(({ findings }) => findings.filter(({ kind }) => kind === "package-test-key").map(({ path }) => path))).size
  return [
    ...(started.kind === "seen" && others.length > 0 ? [line(`Read, and not started: ${others.map(({ platform }) => platform).join(", ")}; only ${started.platform} is this engine's own`)] : []),
    ...(rules.notSecret.length > 0 ? [line(`Declared to be no secret: ${rules.notSecret.map(({ path, variable, reason }) => `${path ?? variable} (${reason})`).join(", ")}`)] : []),
    ...(tests > 0 ? [`${count(tests, "key")} of published packages, for their own tests: counted, not refused`] : []),
  ]
}
