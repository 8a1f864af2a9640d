import { TollgateError } from "../errors.js"
import { moment } from "../report/figures.js"
import type { LeaseHolder } from "./ledger.js"

/** The ledger does not answer. */
export function unreachable(why: string): TollgateError {
  return new TollgateError(
    "ledger-unreachable",
    `The ledger cannot be reached: ${why}`,
    "See that its Postgres runs and that --ledger names it. A deployment does not begin without its ledger; a rollback does.",
  )
}

/** Errors of the connection, in the ledger's words: its URL is not in --secrets. */
export function connectionError(error: TollgateError): TollgateError {
  const [what = ""] = error.message.split("\n\n")
  switch (error.code) {
    case "database-login":
      return new TollgateError("ledger-login", what, "Correct the user or the password in --ledger. Nothing was changed.")
    case "database-unknown":
      return new TollgateError("ledger-unknown", what, "Create the database first, or correct its name in --ledger. Nothing was changed.")
    case "database-url":
      return new TollgateError("ledger-url", what, error.next)
    default:
      return unreachable(what)
  }
}

export function leaseHeld(holder: LeaseHolder): TollgateError {
  const { environment, run, owner, command, who, takenAt, expiresAt, token } = holder
  return new TollgateError(
    "lease-held",
    [
      `Another run of Tollgate has ${environment}: ${command} by ${who}.`,
      `  run ${run}, on ${owner}, lease ${token}`,
      `  since ${exact(takenAt)}, until ${exact(expiresAt)} unless it gives another sign of life`,
    ].join("\n"),
    `Nothing was changed. Wait for it to end. If it was killed, ${environment} is free at ${exact(expiresAt)}; \`tollgate unlock --env=${environment} --reason=…\` frees it now.`,
  )
}

export function leaseLost(environment: string, why: string): TollgateError {
  return new TollgateError(
    "lease-lost",
    `This run no longer has ${environment}: ${why}`,
    `It stops here, and leaves what it changed to the run that has ${environment} now. \`tollgate history --env=${environment}\` says which.`,
  )
}

/** To the second: a lease is shorter than a minute. */
function exact(iso: string): string {
  return moment(iso).replace(/ UTC$/, `:${iso.slice(17, 19)} UTC`)
}
