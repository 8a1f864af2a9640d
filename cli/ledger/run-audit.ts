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
import { TollgateError } from "../../core/shared/errors.js"
import type { auditOptions, doraOptions } from "../options/audit.js"
import { print } from "../print.js"
import { withLedger } from "./with-ledger.js"

type Options = z.output<typeof auditOptions>

const ofExport = z.object({ env: z.string(), from: z.string(), to: z.string(), out: z.string() })
const ofVerify = z.object({ folder: z.string() })

/** Exports an audit, or verifies an export; true unless an export has a problem. */
export async function runAudit(options: Options): Promise<boolean> {
  if (options.action === "export") {
    await runExport(options)
    return true
  }
  const { folder } = needed(ofVerify, options)
  const verdict = verifyAudit(readFolder(folder), {
    keys: readKeys(options.key),
    heads: readHeads(options.head),
  })
  print(options, verdict, () => auditScreen(verdict))
  return verdict.problems.length === 0
}

async function runExport(options: Options): Promise<void> {
  const { hideOthers } = options
  const { env: environment, from, to, out } = needed(ofExport, options)
  const period = readPeriod(from, to)
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

/** Options without which an action cannot run: all that are missing at once. */
function needed<T extends z.ZodObject>(schema: T, options: Options): z.output<T> {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  const missing = parsed.error.issues.map(({ path: [name] }) => (name === "folder" ? "a folder" : `--${String(name)}`))
  throw new TollgateError(
    "audit-arguments",
    `audit ${options.action} needs ${missing.join(", ")}.`,
    "See `tollgate audit --help`. Nothing was written.",
  )
}
