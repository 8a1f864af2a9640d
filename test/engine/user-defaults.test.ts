import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { dagger } from "./dagger-call.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-user-defaults-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
}

test("dagger call takes the source, secrets and options from .env", async () => {
  write({
    "tollgate.yaml":
      "qa: { suites: { unit: { files: [test_a.py] } } }\nenvironments: { production: { config: { required: [SHOP_KEY] } } }\n",
    "test_a.py": "def test_a():\n    pass\n",
    "production.env": "LOG_LEVEL=info\n",
    // the app's own variables are in the same file
    ".env": [
      "SHOP_KEY=app",
      "TOLLGATE_SOURCE=.",
      "TOLLGATE_CHECKCONFIG_SECRETS=file://production.env",
      "TOLLGATE_DEPLOY_VERSION=.not-a-tag",
      "",
    ].join("\n"),
  })
  const config = await dagger(folder, "-m", ROOT, "call", "check-config", "--env=production")
  expect(config.code, config.err).toBe(1)
  expect(config.err).toMatch(/SHOP_KEY[^]*FAILED: /)
  // a wrong default is the cheapest to see: deploy refuses it before it starts anything
  const deploy = await dagger(folder, "-m", ROOT, "call", "deploy", "--env=production")
  expect(deploy.err).toContain("--version is not a valid image tag.")
})
