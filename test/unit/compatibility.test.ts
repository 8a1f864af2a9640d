import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { page, SECTIONS } from "./compatibility.js"

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")

describe("docs/compatibility.md", () => {
  it("is what `npm run schema` writes today", () => {
    expect(read("docs/compatibility.md")).toBe(page(SECTIONS))
  })

  it.each(SECTIONS.flatMap(({ rows }) => rows).map(({ what, test: [file, name] }) => [what, file, name]))(
    "is shown by a test: %s, in %s",
    (_, file, name) => {
      expect(read(`test/${file}`)).toContain(name)
    },
  )
})
