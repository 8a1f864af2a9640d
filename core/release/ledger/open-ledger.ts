import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { parseAddress } from "../../database/connect/address.js"
import { openSession } from "../../database/connect/session.js"
import { journalId } from "../../ledger/journal-id.js"
import type { Ledger } from "../../ledger/ledger.js"
import { openLedger } from "../../ledger/open.js"
import { TollgateError } from "../../shared/errors.js"
import type { Place } from "../../targets/kind.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { forwardTo } from "../session/through-target.js"

/** Of the role and of its database. */
const NAME = "tollgate"
/** The role or database does not exist yet, or Postgres was recreated. */
const ABSENT: ReadonlySet<string> = new Set(["ledger-login", "ledger-unknown"])

export interface OpenedLedger {
  readonly ledger: Ledger
  /** Where it is reached from here while it is open. */
  readonly url: string
  close(): Promise<void>
}

/**
 * The ledger of --ledger, or the sandbox's own, in its Postgres.
 *
 * @param url null: none was given
 * @param need `required`: fail without a ledger
 * @returns null: no ledger, and none is required
 */
export async function openReleaseLedger(
  settings: Settings,
  place: Place,
  entryPoint: ReleaseEntryPoint,
  url: string | null,
  need: "required" | "wanted",
  redact: (text: string) => string,
): Promise<OpenedLedger | null> {
  const { service, patience } = settings.ledger
  if (url !== null) {
    const ledger = await openLedger({
      url,
      service,
      patience,
      journal: entryPoint.journal(journalId(url)),
      need,
      entryPoint: entryPoint.kind,
      redact,
    })
    return { ledger, url, close: () => ledger.close() }
  }
  const { postgres } = settings.image.services ?? settings.qa.services
  if (place.postgres === null || postgres === false) {
    if (need === "wanted") return null
    throw new TollgateError(
      "ledger-missing",
      "No ledger. A deployment must be recorded.",
      "Pass the URL of its Postgres with --ledger=env:NAME. Nothing was changed.",
    )
  }
  const forward = await forwardTo(place.target, "postgres", 5432)
  const address = (user: string, password: string, database: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${forward.port}/${database}?sslmode=disable`
  // a ledger redacts its password from everything it writes: the service's own password may be a common word
  const password = place.postgres.ledgerPassword
  try {
    const options = {
      url: address(NAME, password, NAME),
      service,
      patience,
      journal: entryPoint.journal("sandbox"),
      entryPoint: "cli" as const,
      redact,
    }
    // the port differs each time, so the journal is named by the sandbox
    let ledger = await openLedger({ ...options, need: "wanted" })
    if (ledger.state.kind === "away" && ABSENT.has(ledger.state.code)) {
      await ledger.close()
      await createDatabase(address(postgres.user, postgres.password, postgres.database), password).catch(
        (error: unknown) => {
          if (need === "required") throw error
        },
      )
      ledger = await openLedger({ ...options, need })
    } else if (ledger.state.kind === "away" && need === "required") await ledger.replay()
    const opened = ledger
    return { ledger: opened, url: options.url, close: () => opened.close().finally(() => forward.close()) }
  } catch (error) {
    await forward.close()
    throw error
  }
}

async function createDatabase(url: string, password: string): Promise<void> {
  if (!/^[A-Za-z0-9]+$/.test(password)) throw new RangeError("the sandbox makes a password of letters and digits")
  const session = await openSession(parseAddress(url, "the sandbox's Postgres"), "tollgate ledger")
  const named = z.object({ name: z.string() })
  try {
    const roles = await session.rows(named, "select rolname as name from pg_roles where rolname = $1", [NAME])
    await session.run(`${roles.length === 0 ? "create" : "alter"} role ${NAME} login password '${password}'`)
    const databases = await session.rows(named, "select datname as name from pg_database where datname = $1", [NAME])
    if (databases.length === 0) await session.run(`create database ${NAME} owner ${NAME}`)
  } finally {
    await session.close()
  }
}
