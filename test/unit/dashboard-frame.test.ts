import { expect, it } from "vitest"
import { type Frame, framed } from "../../core/dashboard/view/frame.js"
import { markup } from "../../core/presentation/html-markup.js"

const frame = (more: Partial<Frame> = {}): Frame => ({
  service: "shop",
  clock: { zone: "UTC" },
  path: "/",
  shown: { position: { number: 7, at: "2026-11-27T10:00:00Z", leases: "", samples: "" }, ageMs: 250 },
  token: "T".repeat(43),
  person: null,
  invalid: null,
  ...more,
})

it("a page that many browsers ask for has its own session and age for each of them", () => {
  const view = { title: "Run – 付款", main: markup`<p>${"付款 – <b>"}</p>` }
  const [one, other] = [framed(view, frame()), framed(view, frame({ token: "U".repeat(43), shown: null }))].map(String)
  expect(one).toContain('<main id="main" tabindex="-1"><p>付款 – &lt;b&gt;</p></main>')
  expect(one).toContain(`data-number="7" data-age="250" data-at="2026-11-27T10:00:00Z" data-token="${"T".repeat(43)}"`)
  expect(one).toMatch(/^<!doctype html>[^]*<\/html>\n$/)
  expect(other).toContain("<p>付款 – &lt;b&gt;</p></main>")
  expect(other).toContain(`data-number="-1" data-token="${"U".repeat(43)}"`)
  expect(other).not.toContain("T".repeat(43))
})

it("a text with the character that stands for the page's content does not take its place", () => {
  const text = String(framed({ title: "a\u0000b", main: markup`<p>${"c\u0000d"}</p>` }, frame({ service: "s\u0000" })))
  expect(text.match(/<main /g)).toHaveLength(1)
  expect(text).toMatch(/<main id="main" tabindex="-1"><p>[^]*<\/p><\/main>[^]*<\/html>\n$/)
  expect(text).not.toContain("\u0000")
})
