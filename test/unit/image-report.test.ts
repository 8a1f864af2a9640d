import { describe, expect, it } from "vitest"
import { imageDocument } from "../../core/image/document.js"
import { imageHtml } from "../../core/image/html.js"
import { judgeContent } from "../../core/image/judge-content.js"
import { judgeService } from "../../core/image/judge-service.js"
import { imageMarkdown } from "../../core/image/markdown.js"
import type { ImageResult } from "../../core/image/result.js"
import { imageScreen } from "../../core/image/screen.js"
import { displayWidth } from "../../core/presentation/columns.js"
import { configured, finding, imageResult, inspected, observed, platformImage, rules } from "./image-samples.js"

const NASTY = "\u001b[31m<script>alert(1)</script>\u202e ##[error]x ::error::y | `z` @everybody"

/** An image that fails every check, with hostile names and output. */
function failed(): ImageResult {
  const image = {
    ...configured({
      User: NASTY,
      Healthcheck: null,
      Env: [`API_TOKEN=${NASTY}`],
      Labels: { [NASTY]: "https://a:b@c" },
    }),
    findings: Array.from({ length: 60 }, (_, index) => finding({ path: `srv/${NASTY}/${index}/.env` })),
  }
  const seen = observed({ exit: { code: 1, after: 1 }, healthyAfter: null, output: `${NASTY}\n`.repeat(200) })
  const shown = inspected(image)
  const strict = { ...rules, maxSize: 1000 }
  return imageResult({
    inspected: shown,
    started: { kind: "seen", platform: "linux/amd64", seen, cached: true },
    rules: { ...strict, notSecret: [{ path: NASTY, reason: NASTY }] },
    reproducible: {
      kind: "no",
      digest: `sha256:${"d".repeat(64)}`,
      differences: [`layer 1, ${NASTY}`, `  /${NASTY}: contents`],
    },
    problems: [...judgeContent(shown, strict, []), ...judgeService(seen, strict)],
  })
}

describe("the image's screen", () => {
  it("shows every check of an image that passed", () => {
    expect(
      imageScreen(imageResult(), { report: "tollgate-report/image/report.html" }),
    ).toBe(`Tollgate 0.1.0 · examples/payments · source cccccccccccc
image sha256:${"b".repeat(64)}
built by Dockerfile · revision 8d3c1f0a9b7e · committed 2026-11-21 17:45 UTC

check         verdict  result
user          passed   10001:10001
size          passed   128.2 MB of at most 400 MB; 49.1 MB to download, 3 layers
secrets       passed   none in 5833 files in all layers
health check  passed   passes inside the container
service       passed   /health healthy 1.5 s after the start, observed for another 3.1 s
reproducible  skipped  pass --twice to build again without cache and compare

Full report: tollgate-report/image/report.html

PASSED: image bbbbbbbbbbbb, linux/amd64 128.2 MB
`)
  })

  it("fits all problems on 40 lines of 100 columns, whatever failed and whatever the service printed", () => {
    const result = failed()
    const codes = result.problems.map(({ code }) => code)
    expect(codes).toEqual([
      "user-unknown",
      "no-health-check",
      "too-large",
      "secret-file",
      "secret-in-environment",
      "secret-in-history",
      "crashed",
    ])
    const lines = imageScreen(result, { report: "report.html" }).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(lines.filter((line) => displayWidth(line) > 100)).toEqual([])
    for (const code of codes) expect(lines.some((line) => line.startsWith(`  ${code}  `))).toBe(true)
    const text = lines.join("\n")
    expect(text).not.toMatch(/\u001b|\u202e|##\[|^\s*::/m)
    expect(lines.at(-1)).toMatch(/^FAILED: 7 problems: user-unknown, /)
  })

  it("says which of several platforms were not started", () => {
    const screen = imageScreen(
      imageResult({
        inspected: inspected(platformImage(), platformImage({ platform: "linux/arm64", programs: { arm64: 1 } })),
      }),
      { report: "x" },
    )
    expect(screen).toContain("Not started: linux/arm64; this engine only runs linux/amd64")
    expect(screen).toMatch(/PASSED: image b{12}, linux\/amd64 128\.2 MB, linux\/arm64 128\.2 MB\n$/)
  })
})

describe("the image's report", () => {
  it("has all evidence as JSON", () => {
    const document = JSON.parse(imageDocument(imageResult()))
    expect(document).toMatchObject({
      format: 2,
      verdict: "passed",
      builtBy: "Dockerfile",
      problems: [],
      digest: `sha256:${"b".repeat(64)}`,
    })
    expect(document.platforms[0].layers).toHaveLength(3)
    expect(JSON.parse(imageDocument(failed()))).toMatchObject({
      verdict: "failed",
      problems: [{ code: "user-unknown" }, {}, {}, {}, {}, {}, { code: "crashed" }],
    })
  })

  it("escapes everything from the image in its page and its Markdown", () => {
    const page = imageHtml(failed())
    expect(page).not.toMatch(/<script>alert|\u001b|\u202e/)
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;")
    expect(page).toContain("script-src &#39;none&#39;")
    const text = imageMarkdown(failed())
    expect(text).not.toMatch(/<script|\u001b|\u202e/)
    expect(text).toContain("### <code>user-unknown</code>")
  })

  it("says on the screen that only times differ, and which setting helps", () => {
    expect(
      imageScreen(imageResult({ reproducible: { kind: "times", folders: ["/srv/app"] } }), { report: "x" }),
    ).toMatch(/^reproducible {2}no {7}identical except for the times of folders from COPY; see image\.timestamps$/m)
  })

  it("shows what differs in a second build, and what image.notSecret allows", () => {
    const page = imageHtml(failed())
    expect(page).toContain("What differs in a second build")
    expect(page).toContain("Looks like a secret, and is allowed")
  })
})
