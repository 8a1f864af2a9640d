import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

it("every file is formatted and passes the linters of `npm run check`", { timeout: 300_000 }, () => {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, ["check/run.mjs", "--format"], {
    cwd: root,
    encoding: "utf8",
  })
  expect(status, `${stdout}\n${stderr}`).toBe(0)
})
