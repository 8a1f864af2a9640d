import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { IGNORED } from "../../src/source.js"
import { secretUri } from "../../cli/test/secret.js"

test("both doors leave the same out of the source", () => {
  const text = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8")
  const literal = /ignore: (\[[^\]]*\])/.exec(text)?.[1] ?? "[]"
  expect(JSON.parse(literal)).toEqual(IGNORED)
})

test.each([
  ["env:QA_ENV", "env://QA_ENV"],
  ["file:qa.env", "file://qa.env"],
  ["op://vault/item/field", "op://vault/item/field"],
])("a secret is named as in dagger call: %s", (reference, uri) => {
  expect(secretUri(reference)).toBe(uri)
})
