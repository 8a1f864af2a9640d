import { describe, expect, it } from "vitest"
import { imageDocument } from "../../core/image/document.js"
import { imageHtml } from "../../core/image/html.js"
import { judgeContent } from "../../core/image/judge-content.js"
import { judgeService } from "../../core/image/judge-service.js"
import { imageMarkdown } from "../../core/image/markdown.js"
import type { ImageResult } from "../../core/image/result.js"
import { imageScreen } from "../../core/image/screen.js"
import { displayWidth } from "../../core/report/columns.js"
import { configured, finding, imageResult, inspected, observed, platformImage, rules } from "./image-samples.js"

const NASTY = "\u001b[31m<script>alert(1)</script>\u202e ##[error]x ::error::y | `z` @everybody"

/** An image with which everything is wrong, and whose names and prints mean harm. */
function refused(): ImageResult {
  const image = {
    ...configured({ User: NASTY, Healthcheck: null, Env: [`API_TOKEN=${NASTY}`], Labels: { [NASTY]: "https://a:b@c" } }),
    findings: Array.from({ length: 60 }, (_, index) => finding({ path: `srv/${NASTY}/${index}/.env` })),
  }
  const seen = observed({ exit: { code: 1, after: 1 }, healthyAfter: null, output: `${NASTY}\n`.repeat(200) })
  const shown = inspected(image)
  const strict = { ...rules, maxSize: 1000 }
  return imageResult({
    inspected: shown,
    started: { kind: "seen", platform: "linux/amd64", seen, cached: true },
    rules: { ...strict, notSecret: [{ path: NASTY, reason: NASTY }] },
    reproducible: { kind: "no", digest: `sha256:${"d".repeat(64)}`, differences: [`layer 1, ${NASTY}`, `  /${NASTY}: contents`] },
    problems: [...judgeContent(shown, strict, []), ...judgeService(seen, strict)],
  })
}

describe("the image's screen", () => {
  it("is this, for an image that is good", () => {
    expect(imageScreen(imageResult(), { report: "tollgate-report/image/report.html" })).toBe(`Tollgate 0.1.0 · examples/payments · source cccccccccccc
image sha256:${"b".repeat(64)}
built by Dockerfile · revision 8d3c1f0a9b7e · committed 2026-11-21 17:45 UTC

check         verdict  what was seen
user          ok       10001:10001
size          ok       128.2 MB of 400 MB; 49.1 MB to pull, 3 layers
secrets       ok       none in 5833 files in all layers
health check  ok       its command passes inside the container
service       ok       /health healthy 1.5 s after the start, watched for 3.1 s more
reproducible  –        not checked; --twice builds it again from nothing and compares

Full report: tollgate-report/image/report.html

PROVEN: image bbbbbbbbbbbb, linux/amd64 128.2 MB
`)
  })

  it("holds all reasons on 40 lines of 100 columns, whatever is wrong and whatever was printed", () => {
    const result = refused()
    const codes = result.problems.map(({ code }) => code)
    expect(codes).toEqual(["user-unknown", "no-health-check", "too-large", "secret-file", "secret-in-environment", "secret-in-history", "crashed"])
    const lines = imageScreen(result, { report: "report.html" }).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(lines.filter((line) => displayWidth(line) > 100)).toEqual([])
    for (const code of codes) expect(lines.some((line) => line.startsWith(`  ${code}  `))).toBe(true)
    const text = lines.join("\n")
    expect(text).not.toMatch(/\u001b|\u202e|##\[|^\s*::/m)
    expect(lines.at(-1)).toMatch(/^RED: 7 reasons: user-unknown, /)
  })

  it("tells that several platforms were read and one was started", () => {
    const screen = imageScreen(imageResult({ inspected: inspected(platformImage(), platformImage({ platform: "linux/arm64", programs: { arm64: 1 } })) }), { report: "x" })
    expect(screen).toContain("Read, and not started: linux/arm64; only linux/amd64 is this engine's own")
    expect(screen).toMatch(/PROVEN: image b{12}, linux\/amd64 128\.2 MB, linux\/arm64 128\.2 MB\n$/)
  })
})

describe("the image's report", () => {
  it("has all of it as JSON", () => {
    const document = JSON.parse(imageDocument(imageResult()))
    expect(document).toMatchObject({ format: 1, verdict: "proven", builtBy: "Dockerfile", problems: [], digest: `sha256:${"b".repeat(64)}` })
    expect(document.platforms[0].layers).toHaveLength(3)
    expect(JSON.parse(imageDocument(refused()))).toMatchObject({ verdict: "red", problems: [{ code: "user-unknown" }, {}, {}, {}, {}, {}, { code: "crashed" }] })
  })

  it("lets nothing of the image's become an element of its page or a command of its Markdown", () => {
    const page = imageHtml(refused())
    expect(page).not.toMatch(/<script>alert|\u001b|\u202e/)
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;")
    expect(page).toContain("script-src &#39;none&#39;")
    const text = imageMarkdown(refused())
    expect(text).not.toMatch(/<script|\u001b|\u202e/)
    expect(text).toContain("### <code>user-unknown</code>")
  })

  it("says on the screen that only times differ, and what to write", () => {
    expect(imageScreen(imageResult({ reproducible: { kind: "times", folders: ["/srv/app"] } }), { report: "x" })).toMatch(/^reproducible {2}no {7}but for the times that COPY leaves: see image\.timestamps$/m)
  })

  it("shows what differs in a second build, and what was let pass", () => {
    const page = imageHtml(refused())
    expect(page).toContain("What differs in a second build")
    expect(page).toContain("What looks like a secret, and was let pass")
  })
})
