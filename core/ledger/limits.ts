import { TollgateError } from "../shared/errors.js"

const MOST = 1000

export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit
  throw new TollgateError("history-limit", `--limit is ${limit}.`, `Pass a whole number from 1 to ${MOST}.`)
}

export function requireReason(reason: string, option = "--reason"): string {
  const plain = reason.replace(/\s+/g, " ").trim()
  if (plain !== "") return plain
  throw new TollgateError(
    "reason-missing",
    `${option} is empty.`,
    `Pass ${option}: it is recorded in the ledger. Nothing was changed.`,
  )
}
