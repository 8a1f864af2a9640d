import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type Directory, dag } from "@dagger.io/dagger"
import { proveSource } from "../../core/qa/prove.js"
import type { QaRun } from "../../core/qa/run.js"

const FIXTURES = new URL("fixtures/installing/", import.meta.url).pathname

/** What a suite finds out about its own surroundings. */
export interface Surroundings {
  [distribution: string]: string
}

/**
 * A repository as a package manager leaves it, with one suite that asks what is installed.
 *
 * @param fixture a folder of fixtures/installing; "" for an empty one
 * @param files more files, or others
 * @param settings tollgate.yaml's `app`, in YAML
 */
export function repository(
  fixture: string,
  settings: { app?: string; asks: string; path?: string },
  files: Record<string, string | Buffer> = {},
): Directory {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-installing-"))
  if (fixture !== "") cpSync(join(FIXTURES, fixture), folder, { recursive: true })
  const app = settings.path ?? "."
  const all: Record<string, string | Buffer> = {
    "tollgate.yaml": `app: { path: ${app}${settings.app === undefined ? "" : `, ${settings.app}`} }\nqa:\n  runner: tests/run.py\n  arguments: []\n  services: { postgres: false, redis: false }\n  suites: { unit: { files: [tests/test_installed.py] } }\n`,
    [join(app, "tests/run.py")]:
      "import os, subprocess, sys\nhere = os.path.dirname(os.path.abspath(__file__))\nsys.exit(subprocess.run([sys.executable, '-m', 'pytest', '-q', os.path.join(here, 'test_installed.py')]).returncode)\n",
    [join(app, "tests/test_installed.py")]:
      `import importlib, os, sys\nfrom importlib import metadata\n\n\ndef installed(name):\n    try:\n        return metadata.version(name)\n    except metadata.PackageNotFoundError:\n        return None\n\n\ndef test_what_is_installed():\n${settings.asks
        .split("\n")
        .map((line) => `    ${line}`)
        .join("\n")}\n`,
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return dag.host().directory(folder)
}

export async function proven(source: Directory): Promise<QaRun["result"]> {
  return (await proveSource(source, { suites: [], run: "", secrets: undefined })).result
}
