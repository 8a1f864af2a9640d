import { z } from "zod"
import { readHeads, readKeys } from "../../core/audit/arguments.js"
import { filesOf } from "../../core/audit/files.js"
import { readFolder, requireNewFolder, writeFolder } from "../../core/audit/folder.js"
import { readPeriod } from "../../core/audit/period.js"
import { readEvidence } from "../../core/audit/read.js"
import { auditScreen, exportScreen } from "../../core/audit/screen.js"
import { verifyAudit } from "../../core/audit/verify.js"
import { readFigures } from "../../core/dora/read.js"
import { doraScreen } from "../../core/dora/screen.js"
import { print, withLedger } from "./with-ledger.js"

const common = { source: z.string().optional(), ledger: z.string().optional(), json: z.boolean() }

export const auditOptions = z.discriminatedUnion("action", [
  z.object({
    ...common,
    action: z.literal("export"),
    env: z.string(),
    from: z.string(),
    to: z.string(),
    out: z.string(),
    hideOthers: z.boolean(),
  }),
  z.object({
    action: z.literal("verify"),
    json: z.boolean(),
    folder: z.string(),
    key: z.array(z.string()),
    head: z.array(z.string()),
  }),
])
type Options = z.output<typeof auditOptions>

export const doraOptions = z.object({ ...common, env: z.string() })

/** Exports an audit, or verifies an export; true unless an export has a problem. */
export async function runAudit(options: Options): Promise<boolean> {
  if (options.action === "export") {
    await runExport(options)
    return true
  }
  const verdict = verifyAudit(readFolder(options.folder), {
    keys: readKeys(options.key),
    heads: readHeads(options.head),
  })
  print(options, verdict, () => auditScreen(verdict))
  return verdict.problems.length === 0
}

async function runExport(options: Extract<Options, { action: "export" }>): Promise<void> {
  const { env: environment, out, hideOthers } = options
  const period = readPeriod(options.from, options.to)
  requireNewFolder(out)
  await withLedger(options, environment, async (ledger, settings) => {
    const { service } = settings.ledger
    const evidence = await readEvidence(ledger, { service, environment, period, hideOthers, now: new Date() })
    const files = filesOf(evidence)
    writeFolder(out, files)
    print(options, { head: evidence.head, files: files.size, folder: out }, () =>
      exportScreen(evidence, files.size, out),
    )
  })
}

export async function runDora(options: z.output<typeof doraOptions>): Promise<void> {
  await withLedger(options, options.env, async (ledger, settings) => {
    const figures = await readFigures(ledger, options.env, new Date())
    print(options, figures, () => doraScreen(settings.ledger.service, options.env, figures))
  })
}
