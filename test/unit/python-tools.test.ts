import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

const core = join(import.meta.dirname, "../../core")
const all = readdirSync(core, { recursive: true, encoding: "utf8" })
const files = all.filter((path) => path.endsWith(".txt"))
const PINNED = /^[A-Za-z0-9][\w.-]*==\d[\w.]*(?: ; [^#]+| --hash=sha256:[0-9a-f]{64})?$/

describe("the Python packages that Tollgate installs for itself", () => {
  it("are listed in these files", () => {
    expect(files.sort()).toEqual([
      "app/python/tools/pdm.txt",
      "app/python/tools/pipenv.txt",
      "app/python/tools/poetry.txt",
      "database/python/s3-requirements.txt",
    ])
  })

  it.each(files)("have one exact version each in %s", (file) => {
    const lines = readFileSync(join(core, file), "utf8").split("\n")
    expect(lines.filter((line) => line !== "" && !PINNED.test(line))).toEqual([])
  })

  it("bring nothing that is not listed: each installation is --no-deps or by hashes", () => {
    const installs = all
      .filter((path) => path.endsWith(".ts"))
      .flatMap((file) =>
        [
          ...readFileSync(join(core, file), "utf8").matchAll(
            /"pip",\s*"install",(?:[^\]]*)|uvProgram\} pip install --quiet[^`]*/g,
          ),
        ].map(([text]) => `${file}: ${text.replace(/\s+/g, " ")}`),
      )
    expect(installs.length).toBeGreaterThan(3)
    expect(installs.filter((text) => !/--no-deps|--require-hashes|\bUV\b/.test(text))).toEqual([])
  })
})
