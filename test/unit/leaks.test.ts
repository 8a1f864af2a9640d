import { expect, test } from "vitest"
import { leaksIn, SECRET } from "../engine/leaks.js"

const written = {
  plain: `key=${SECRET}.`,
  base64: Buffer.from(SECRET).toString("base64"),
  "base64 behind a word of any length": [1, 2, 3, 4, 5]
    .map((length) => Buffer.from("u".repeat(length) + SECRET + "!").toString("base64"))
    .join(" "),
  url: new URLSearchParams({ key: SECRET.replace(/ /g, "") }).toString().replaceAll("+", "%2B"),
  json: JSON.stringify({ key: SECRET }),
  hex: Buffer.from(SECRET).toString("hex"),
}

test.each(Object.entries(written))("a secret is found in %s", (_, text) => {
  expect(leaksIn([["a file", text]], { KEY: SECRET }).length).toBeGreaterThan(0)
})

test("a finding names the place, the secret and the form, never the value", () => {
  expect(leaksIn([["a file", written.hex]], { KEY: SECRET })).toEqual(["a file has KEY in hex"])
})

test("finds nothing that is not a secret", () => {
  expect(leaksIn([["a file", "provider password key 3002607 of the"]], { KEY: SECRET })).toEqual([])
})
