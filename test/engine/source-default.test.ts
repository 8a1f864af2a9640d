import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { dagger } from "./dagger-call.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-default-source-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("dagger call in another repository does not judge Tollgate's own when --source is left out", async () => {
  writeFileSync(join(folder, "tollgate.yaml"), "qa: { suites: { unit: { files: [test_a.py] } } }\n")
  writeFileSync(join(folder, "test_a.py"), "def test_a():\n    pass\n")
  const left = await dagger(folder, "-m", ROOT, "call", "validate")
  expect(left).toMatchObject({ code: 1, out: "" })
  expect(left.err).toContain("The source is Tollgate's own repository, and this call was made from another folder.")
  expect(left.err).toContain("call --source=.")
  expect(await dagger(folder, "-m", ROOT, "call", "--source=.", "validate")).toMatchObject({
    code: 0,
    out: "tollgate.yaml is valid: 1 suite, 1 file, all of them there.",
  })
})
