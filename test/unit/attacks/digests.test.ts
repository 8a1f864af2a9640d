import { describe, expect, it } from "vitest"
import type { JudgedDigest } from "../../../core/gate/work.js"
import { type Judged, requireSameBytes, requireStarted } from "../../../core/release/deploy/same-bytes.js"
import { TollgateError } from "../../../core/shared/errors.js"

const digest = (letters: string) => `sha256:${letters.repeat(32)}`

function tested(digest: string): JudgedDigest {
  return { what: "source", words: "The tests ran on", digest }
}

function scanned(digest: string): JudgedDigest {
  return { what: "image", words: "The scan read", digest }
}

const same: Judged = {
  gates: [tested("source-1"), scanned(digest("aa"))],
  built: "source-1",
  judged: [digest("aa"), digest("bb")],
  published: digest("aa"),
}

function refusal(work: () => void): TollgateError {
  try {
    work()
  } catch (error) {
    if (error instanceof TollgateError) return error
    throw error
  }
  throw new Error("was not refused")
}

describe("what was tested, scanned, judged and published", () => {
  it("is deployed when it is the same", () => {
    requireSameBytes(same)
    requireSameBytes({ ...same, gates: [] })
  })

  it("may be scanned as the image of one platform", () => requireSameBytes({ ...same, gates: [scanned(digest("bb"))] }))

  it.each<[string, Partial<Judged>, RegExp]>([
    ["another source was tested", { gates: [tested("source-2")] }, /tests ran on the source source-2/],
    ["another image was scanned", { gates: [scanned(digest("cc"))] }, /scan read the image sha256:cc/],
    ["the registry has another image", { published: digest("cc") }, /registry has sha256:cc/],
    ["the registry has one of its platforms alone", { published: digest("bb") }, /registry has sha256:bb/],
    ["nothing was judged", { judged: [], gates: [] }, /the image that passed is/],
  ])("is refused when %s", (_, other, words) => {
    const error = refusal(() => requireSameBytes({ ...same, ...other }))
    expect(error.code).toBe("digest-differs")
    expect(error.message).toMatch(words)
  })

  it("is refused with all differences at once", () => {
    const other = { gates: [tested("source-2"), scanned(digest("cc"))], published: digest("dd") }
    expect(refusal(() => requireSameBytes({ ...same, ...other })).message).toMatch(/source-2[\s\S]*dd[\s\S]*cc/)
  })
})

describe("what the target started", () => {
  it("is the published image", () => requireStarted(digest("aa"), digest("aa")))
  it.each([digest("bb"), ""])("is refused when it is %j", (running) =>
    expect(refusal(() => requireStarted(running, digest("aa"))).code).toBe("digest-differs"),
  )
})
