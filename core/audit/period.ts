import { z } from "zod"
import { TollgateError } from "../shared/errors.js"

/** By the ledger's clock, in the format of its `at`, so that both compare as texts. */
export interface Period {
  /** The first moment of it. */
  readonly from: string
  /** The first moment after it. */
  readonly to: string
}

const moment = z.iso.datetime({ offset: true })
const day = z.iso.date()
const DAY = 86_400_000

/**
 * Reads --from and --to: a time with its zone, or a day in UTC, which counts as a whole.
 *
 * @throws TollgateError `audit-period`
 */
export function readPeriod(from: string, to: string): Period {
  const [start, end] = [timeOf(from, 0), timeOf(to, DAY)]
  const problems = [
    ...(start === null ? [`--from is ${JSON.stringify(from)}, which is neither a day nor a time with a zone.`] : []),
    ...(end === null ? [`--to is ${JSON.stringify(to)}, which is neither a day nor a time with a zone.`] : []),
    ...(start !== null && end !== null && start >= end ? [`--to=${to} is not after --from=${from}.`] : []),
  ]
  if (problems.length > 0 || start === null || end === null)
    throw new TollgateError(
      "audit-period",
      problems.join("\n"),
      "Pass days, such as --from=2026-07-01 --to=2026-09-30, or times, such as 2026-07-01T00:00:00+08:00. Nothing was written.",
    )
  return { from: ledgerMoment(start), to: ledgerMoment(end) }
}

function timeOf(text: string, added: number): number | null {
  if (day.safeParse(text).success) return Date.parse(`${text}T00:00:00Z`) + added
  return moment.safeParse(text).success ? Date.parse(text) : null
}

/** To the microsecond, as the ledger writes its times. */
function ledgerMoment(time: number): string {
  return new Date(time).toISOString().replace(/Z$/, "000Z")
}
