import assert from "node:assert/strict"
import { test } from "node:test"
import { cents } from "./amount.js"

test("reads amounts with a point or a comma", () => {
  assert.deepEqual(["9", "9.5", "12,34"].map(cents), [900, 950, 1234])
})

test("refuses what is no amount", () => {
  assert.deepEqual(["", "-1", "1.234", "ten"].map(cents), [null, null, null, null])
})
