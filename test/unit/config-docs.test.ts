import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"

const page = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8")
const [smallest = "", wrong = "", ...others] = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, block = ""]) => block)
const [screen = ""] = [...page.matchAll(/```text\n([^]*?)```/g)].map(([, block = ""]) => block)

describe("docs/configuration.md", () => {
  it("begins with a file that works, and does what is said of it", () => {
    const { app, qa } = parseSettings(smallest)
    expect(app.image).toBe("python:3.11-slim")
    expect(app.dependencies).toMatchObject({ files: null, install: null })
    expect(qa).toMatchObject({ interpreter: "python", suiteFlag: "--suite", arguments: ["--verbose"] })
    expect(qa.services).toMatchObject({ postgres: { env: "DATABASE_URL" }, redis: { env: "REDIS_URL" } })
    expect(Object.values(qa.suites).map(({ timeout }) => timeout)).toEqual([600, 600])
  })

  it("shows the error that is really printed", () => {
    expect(others).toEqual([])
    let printed = ""
    try {
      parseSettings(wrong)
    } catch (error) {
      printed = error instanceof Error ? error.message : ""
    }
    expect(screen.trimEnd()).toBe(printed)
  })
})
