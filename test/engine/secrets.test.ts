import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { qaReport } from "../../core/report/folder.js"
import { summary } from "../../core/report/summary.js"
import { leaksIn, SECRET, textsBelow } from "./leaks.js"
import { prove } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

/** A suite that does with its secret all that it should not: prints it, fails with it, logs it, leaves it in a file. */
const INDISCREET = `
import base64, logging, os, sys, urllib.parse

import pytest

from app.retry import delay

KEY = os.environ["ECPAY_HASH_KEY"]


def test_the_secret_is_there():
    assert len(KEY) == ${SECRET.length}
    assert "DATABASE_URL" not in os.environ, "only what qa.secrets names is handed over"
    assert delay(0) == 1 and delay(10) == 60


@pytest.mark.parametrize("key", [KEY])
def test_it_fails_and_says_everything(key):
    print("plain", key)
    print("base64", base64.b64encode(key.encode()).decode(), base64.urlsafe_b64encode(key.encode()).decode())
    print("basic", base64.b64encode(("user:" + key).encode()).decode())
    print("mac", urllib.parse.quote_plus(key).lower(), "html", key.replace("&", "&amp;"), "hex", key.encode().hex())
    print("url", urllib.parse.quote(key, safe=""), urllib.parse.quote_plus(key), file=sys.stderr)
    logging.getLogger("app").warning("key=%s", key)
    with open("left-behind.txt", "w") as file:
        file.write(key + base64.b64encode(key.encode()).decode() + urllib.parse.quote(key, safe=""))
    assert key == "something else"


def test_it_skips_with_it():
    pytest.skip("no provider for " + KEY)
`

test("a secret appears in no report, log, artifact or summary, in no form, while the suite really has it", async () => {
  const secrets = dag.setSecret(
    "secrets-test",
    `export ECPAY_HASH_KEY='${SECRET}'\nSUITE_OWNER=webhook\nDATABASE_URL=postgresql://prod\n`,
  )
  const run = await prove(
    {
      "tests/test_retry.py": INDISCREET,
      "tollgate.yaml": (text) =>
        text.replace("qa:\n", "qa:\n  secrets: [ECPAY_HASH_KEY]\n  artifacts: [left-behind.txt, 'report_*.json']\n"),
    },
    ["webhook"],
    secrets,
  )
  expect(run.result.suites[0]?.counts).toMatchObject({ passed: 1, failed: 1, skipped: 1 })

  const folder = mkdtempSync(join(tmpdir(), "tollgate-secrets-test-"))
  try {
    await (await qaReport(run)).export(folder)
    const texts = [
      ...textsBelow(folder),
      ["summary", summary(run.result, { report: "here" })] as const,
      ["result", JSON.stringify(run.result)] as const,
    ]
    expect(texts.length).toBeGreaterThan(10)
    expect(leaksIn(texts, { ECPAY_HASH_KEY: SECRET })).toEqual([])
    expect(texts.find(([name]) => name.endsWith("left-behind.txt"))?.[1]).toContain("***")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
