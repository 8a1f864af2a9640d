import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { recipeOf } from "../../core/image/build.js"

const settings = (image: string) =>
  parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nimage: { ${image} }\n`)

describe("the recipe of an image", () => {
  it("is the app's Dockerfile, or Tollgate's own build without one", () => {
    expect(recipeOf(settings(""), true)).toEqual({ kind: "dockerfile", path: "Dockerfile" })
    expect(recipeOf(settings("dockerfile: deploy/Dockerfile"), true)).toEqual({
      kind: "dockerfile",
      path: "deploy/Dockerfile",
    })
    expect(recipeOf(settings("command: [python, -m, till]"), false)).toEqual({
      kind: "own",
      command: ["python", "-m", "till"],
    })
  })

  it.each([
    ["command: [python, -m, till]", true, "image.command has no effect: the app has Dockerfile"],
    ["command: [till], dockerfile: Dockerfile.prod", true, "the app has Dockerfile.prod"],
    ["dockerfile: Dockerfile.prod", false, "There is no Dockerfile.prod"],
    ["", false, "image.command is not set"],
    ["context: ., dockerfile: ops/Dockerfile", false, "There is no ops/Dockerfile in . (image.context)"],
    ["context: ., command: [till]", false, "There is no Dockerfile in . (image.context)"],
  ])("is an error if ambiguous or missing: %s, with a Dockerfile: %s", (image, there, why) => {
    expect(() => recipeOf(settings(image), there)).toThrow(why)
  })
})
