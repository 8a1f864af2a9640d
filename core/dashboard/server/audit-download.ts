import type { Context } from "hono"
import { filesOf } from "../../audit/files.js"
import { readPeriod } from "../../audit/period.js"
import { readEvidence } from "../../audit/read.js"
import type { Ledger } from "../../ledger/ledger.js"
import { TollgateError } from "../../shared/errors.js"

export interface AuditParts {
  readonly service: string
  readonly has: (environment: string) => Promise<boolean>
  /** Number of the ledger's latest event. */
  readonly latest: () => number
  readonly ledger: () => Promise<Pick<Ledger, "rowsAfter" | "rowsOf" | "holder">>
}

/** An export reads every event of the ledger, while pages are served by the same process. */
const MOST_EVENTS = 200_000

/** Answers with the files that `audit export` writes, as one ZIP file. One export at a time. */
export class AuditDownload {
  readonly #parts: AuditParts
  #running = false

  constructor(parts: AuditParts) {
    this.#parts = parts
  }

  /** @throws TollgateError `audit-…`, `ledger-…` */
  async answer(context: Context): Promise<Response | null> {
    const { env = "", from = "", to = "" } = context.req.query()
    if (!(await this.#parts.has(env))) return null
    const period = readPeriod(from, to)
    const command = `tollgate audit export --env=${env} --from=${from} --to=${to} --ledger=env:TOLLGATE_LEDGER --out=FOLDER`
    if (this.#parts.latest() > MOST_EVENTS)
      throw new TollgateError(
        "audit-large",
        `The ledger has ${this.#parts.latest()} events, and the dashboard exports from a ledger of at most ${MOST_EVENTS}.`,
        `Type \`${command}\`.`,
      )
    if (this.#running)
      throw new TollgateError(
        "audit-busy",
        "Another export is in progress.",
        "Try again when it has ended, in seconds or minutes.",
      )
    this.#running = true
    try {
      const { zipSync, strToU8 } = await import("fflate")
      const evidence = await readEvidence(await this.#parts.ledger(), {
        service: this.#parts.service,
        environment: env,
        period,
        hideOthers: false,
        now: new Date(),
      })
      const name = `audit-${fileName(env)}-${from.slice(0, 10)}-${to.slice(0, 10)}`
      const files = [...filesOf(evidence)].map(([path, text]) => [`${name}/${path}`, strToU8(text)] as const)
      return context.body(Uint8Array.from(zipSync(Object.fromEntries(files))), 200, {
        "content-type": "application/zip",
        "content-disposition": `attachment; filename="${name}.zip"`,
      })
    } finally {
      this.#running = false
    }
  }
}

/** An environment that only the ledger has may have any name. */
function fileName(environment: string): string {
  return environment.replace(/[^\w-]/g, "_").slice(0, 40)
}
