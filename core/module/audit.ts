import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { type Directory, dag, type Secret } from "@dagger.io/dagger"
import { readHeads, readKeys } from "../audit/arguments.js"
import { filesOf } from "../audit/files.js"
import { readFolder, writeFolder } from "../audit/folder.js"
import { readPeriod } from "../audit/period.js"
import { readEvidence } from "../audit/read.js"
import { auditScreen } from "../audit/screen.js"
import { verifyAudit } from "../audit/verify.js"
import { readFigures } from "../dora/read.js"
import { doraScreen } from "../dora/screen.js"
import { environmentSettings } from "../environment/check.js"
import { requirePassed } from "../gate/failed.js"
import { withModuleLedger } from "./open-ledger.js"

interface Exported {
  env: string
  from: string
  to: string
  ledger: Secret | undefined
  hideOthers: boolean
}

export function auditExport(source: Directory, { env, ledger: secret, ...given }: Exported): Promise<Directory> {
  const period = readPeriod(given.from, given.to)
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const evidence = await readEvidence(ledger, {
      service: settings.ledger.service,
      environment: env,
      period,
      hideOthers: given.hideOthers,
      now: new Date(),
    })
    return await inWorkdir(filesOf(evidence))
  })
}

export async function auditVerify(folder: Directory, given: { key: string[]; head: string[] }): Promise<string> {
  const request = { keys: readKeys(given.key), heads: readHeads(given.head) }
  const place = mkdtempSync(join(tmpdir(), "tollgate-audit-"))
  try {
    await folder.export(place)
    const verdict = verifyAudit(readFolder(place), request)
    return requirePassed("audit", verdict.problems.length === 0, auditScreen(verdict))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

export function dora(source: Directory, { env, ledger: secret }: Pick<Exported, "env" | "ledger">): Promise<string> {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    environmentSettings(settings, env)
    return doraScreen(settings.ledger.service, env, await readFigures(ledger, env, new Date()))
  })
}

/** Thousands of files as one folder: a directory that is made file by file would be a query as long. */
async function inWorkdir(files: ReadonlyMap<string, string>): Promise<Directory> {
  const place = mkdtempSync(join(process.cwd(), "tollgate-audit-"))
  try {
    rmSync(place, { recursive: true })
    writeFolder(place, files)
    return await dag.currentModule().workdir(basename(place)).sync()
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
