import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { z } from "zod"

const text = readFileSync(new URL("../../dagger/engine/tools/trivy-database/advisories.json", import.meta.url), "utf8")

const range = z.string().regex(/^(?:(?:>=|>)\d[\w.-]*, )?(?:<|<=)\d[\w.-]*$/)
const common = {
  bucket: z.string(),
  package: z.string(),
  id: z.string().regex(/^CVE-\d{4}-\d{4,}$/),
  severity: z.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW"]),
  title: z.string().min(20).max(120),
  published: z.iso.date(),
}
const library = z.strictObject({
  ...common,
  bucket: z.string().includes("::"),
  alias: z.string().regex(/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/),
  vulnerable: z.array(range).min(1),
  patched: z.array(z.string()),
})
const distribution = z.strictObject({
  ...common,
  bucket: z.string().regex(/^debian \d+$/),
  fixed: z.string().optional(),
  status: z.enum(["affected", "will_not_fix", "fix_deferred"]).optional(),
})
const document = z.strictObject({
  sources: z.record(
    z.string(),
    z.strictObject({ id: z.string(), name: z.string(), url: z.url(), severities: z.string().optional() }),
  ),
  advisories: z.array(z.union([library, distribution])),
})

const { sources, advisories } = document.parse(JSON.parse(text))

test("the small vulnerability database knows a few dozen packages", () => {
  expect(new Set(advisories.map((one) => `${one.bucket} ${one.package}`)).size).toBeGreaterThan(40)
})

test("each of its advisories has a source that is described, and each source is used", () => {
  expect(new Set(advisories.map((one) => one.bucket))).toEqual(new Set(Object.keys(sources)))
})

test("no advisory is there twice", () => {
  const keys = advisories.map((one) => `${one.bucket} ${one.package} ${one.id}`)
  expect(keys).toEqual([...new Set(keys)])
})

test("packages are spelled as Trivy looks them up", () => {
  expect(
    advisories.map((one) => one.package).filter((name) => name !== name.toLowerCase() || name.includes("_")),
  ).toEqual([])
})

test("a fixed version is where an affected range ends", () => {
  for (const one of advisories) {
    if (!("vulnerable" in one)) continue
    const ends = one.vulnerable.flatMap((written) => /<(\d.*)$/.exec(written)?.slice(1) ?? [])
    expect(ends, one.id).toEqual(one.patched)
  }
})

test("a package of a distribution is fixed in a version, or says why not", () => {
  for (const one of advisories) {
    if ("vulnerable" in one) continue
    expect(
      [one.fixed, one.status].filter((said) => said !== undefined),
      one.id,
    ).toHaveLength(1)
  }
})
