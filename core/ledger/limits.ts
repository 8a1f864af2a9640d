import { TollgateError } from "../shared/errors.js"

const MOST = 1000

export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit
  throw new TollgateError("history-limit", `--limit is ${limit}.`, `Pass a whole number from 1 to ${MOST}.`)
}

/** Tokens are 32-bit integers in the ledger; a billion deployments leave room. */
const HIGHEST_TOKEN = 1_000_000_000

/** @param given of `unlock --raise`; 0: none */
export function requireToken(given: number): number {
  if (Number.isInteger(given) && given >= 0 && given <= HIGHEST_TOKEN) return given
  throw new TollgateError(
    "raise-number",
    `--raise is ${given}.`,
    `Pass the number that the error ledger-behind names, at most ${HIGHEST_TOKEN}. Nothing was changed.`,
  )
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
