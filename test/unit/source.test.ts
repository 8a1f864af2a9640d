import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { secretUri } from "../../cli/gate/secret.js"
import { namingNoSpace } from "../../core/shared/no-space.js"
import { IGNORED } from "../../core/source/not-source.js"

test("both entry points leave the same files out of the source", () => {
  const text = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8")
  const literal = /ignore: (\[[^\]]*\])/.exec(text)?.[1] ?? "[]"
  expect(JSON.parse(literal.replace(/,\s*\]/, "]"))).toEqual(IGNORED)
})

test.each([
  ["env:QA_ENV", "env://QA_ENV"],
  ["file:qa.env", "file://qa.env"],
  ["op://vault/item/field", "op://vault/item/field"],
])("a secret is named as in dagger call: %s", (reference, uri) => {
  expect(secretUri(reference)).toBe(uri)
})

test("a disk that fills up is named, whatever the engine was doing; any other error stays what it was", async () => {
  const failing = (message: string) => namingNoSpace("the engine's disk", () => Promise.reject(new Error(message)))
  await expect(failing("write /var/lib/x: no space left on device")).rejects.toMatchObject({ code: "no-space" })
  await expect(failing("connection refused")).rejects.toThrow("connection refused")
})
