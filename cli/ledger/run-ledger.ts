import { join } from "node:path"
import { z } from "zod"
import type { Settings } from "../../src/config/schema.js"
import { environmentSettings } from "../../src/environment/check.js"
import { fileJournal } from "../../src/ledger/journal-file.js"
import { journalId } from "../../src/ledger/journal-id.js"
import type { Ledger } from "../../src/ledger/ledger.js"
import { openLedger } from "../../src/ledger/open.js"
import { requireLimit, requireReason } from "../../src/ledger/limits.js"
import { historyScreen, statusScreen, unlockScreen } from "../../src/ledger/screen.js"
import { ledgerStatus } from "../../src/ledger/status.js"
import { runId } from "../../src/qa/run-id.js"
import { homeFolder } from "../../dagger/engine/home.js"
import { readLocalSource } from "../environment/read-settings.js"
import { secretText } from "../environment/secret-text.js"
import { caller } from "./caller.js"

const common = { source: z.string().optional(), ledger: z.string(), json: z.boolean() }

export const historyOptions = z.object({ ...common, env: z.string(), limit: z.number() })
export const statusOptions = z.object({ ...common, env: z.string().optional() })
export const unlockOptions = z.object({ ...common, env: z.string(), reason: z.string() })

/** Prints the latest releases; true when the ledger is whole. */
export async function runHistory(options: z.infer<typeof historyOptions>): Promise<boolean> {
  const limit = requireLimit(options.limit)
  return withLedger(options, options.env, async (ledger, settings) => {
    const releases = await ledger.releases(options.env, limit)
    const chain = await ledger.verify()
    print(options, { releases, chain }, () => historyScreen(settings.ledger.service, options.env, releases, chain))
    return chain.kind === "whole"
  })
}

/** Prints what the ledger knows of one environment, or of all; true when the ledger is whole. */
export async function runStatus(options: z.infer<typeof statusOptions>): Promise<boolean> {
  return withLedger(options, options.env ?? null, async (ledger, settings) => {
    const environments = options.env === undefined ? Object.keys(settings.environments) : [options.env]
    const status = await ledgerStatus(ledger, settings.ledger.service, environments)
    print(options, status, () => statusScreen(status))
    return status.chain.kind === "whole"
  })
}

/** Frees an environment, and says whom it was taken from. */
export async function runUnlock(options: z.infer<typeof unlockOptions>): Promise<void> {
  const reason = requireReason(options.reason)
  await withLedger(options, options.env, async (ledger) => {
    const held = await ledger.unlock(options.env, { reason, run: runId(new Date()), who: caller(process.env).who })
    print(options, held, () => unlockScreen(held, reason))
  })
}

function print({ json }: { json: boolean }, value: object, screen: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : screen())
}

/** The ledger from this machine: its URL may name a port of it. */
async function withLedger<T>(options: { source?: string | undefined; ledger: string }, environment: string | null, work: (ledger: Ledger, settings: Settings) => Promise<T>): Promise<T> {
  const { settings } = readLocalSource(options.source)
  if (environment !== null) environmentSettings(settings, environment)
  const url = await secretText(options.ledger, "--ledger")
  const { service, patience } = settings.ledger
  const ledger = await openLedger({ url, service, patience, journal: localJournal(url), need: "required", door: "host" })
  try {
    return await work(ledger, settings)
  } finally {
    await ledger.close()
  }
}

/** Where this machine keeps what could not be written into a ledger. */
export function localJournal(url: string): ReturnType<typeof fileJournal> {
  return fileJournal(join(homeFolder(process.env), "journal", journalId(url)))
}
