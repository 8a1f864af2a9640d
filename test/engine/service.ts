import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Directory, dag, type Secret } from "@dagger.io/dagger"
import { proveSource } from "../../core/qa/prove.js"
import type { Reason, ReasonCode } from "../../core/qa/result.js"
import type { QaRun } from "../../core/qa/run.js"

const FOLDER = new URL("fixtures/service/", import.meta.url).pathname

/** Files of the fixture to replace (a text), to bend (a function of the text) or to remove (null). */
export type Changes = Record<string, string | null | ((text: string) => string)>

function changedText(path: string, change: string | ((text: string) => string)): string {
  return typeof change === "string" ? change : change(readFileSync(FOLDER + path, "utf8"))
}

/** The fixture service with changes. */
export function service(changes: Changes = {}): Directory {
  let folder = dag.host().directory(FOLDER, { exclude: ["**/__pycache__", "**/.pytest_cache"] })
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) folder = folder.withoutFile(path)
    else folder = folder.withNewFile(path, changedText(path, change))
  }
  return folder
}

export function prove(changes: Changes, suites: string[] = [], secrets?: Secret): Promise<QaRun> {
  return proveSource(service(changes), { suites, run: "", secrets })
}

/** The fixture service with changes, as a folder of the host. */
export function serviceFolder(folder: string, changes: Changes = {}): string {
  cpSync(FOLDER, folder, { recursive: true })
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) rmSync(join(folder, path))
    else writeFileSync(join(folder, path), changedText(path, change))
  }
  return folder
}

export function reasonsOf({ result }: QaRun): Reason[] {
  return result.suites.flatMap(({ verdict }) => (verdict.kind === "failed" ? verdict.reasons : []))
}

export function codesOf(run: QaRun): ReasonCode[] {
  return reasonsOf(run).map(({ code }) => code)
}
