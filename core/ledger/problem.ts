import { TollgateError } from "../shared/errors.js"
import { moment } from "../shared/figures.js"
import { HEAD_NEXT } from "./judge-head.js"
import type { LeaseHolder } from "./ledger.js"

/** The ledger cannot be used now. */
export function unreachable(why: string): TollgateError {
  return new TollgateError(
    "ledger-unreachable",
    `Could not reach the ledger: ${why}`,
    "Check that its Postgres is running and that --ledger has its URL. Deployments need the ledger; rollbacks do not.",
  )
}

/** Connection errors reworded for --ledger; the originals refer to --secrets. */
export function connectionError(error: TollgateError): TollgateError {
  const [what = ""] = error.message.split("\n\n")
  switch (error.code) {
    case "database-login":
      return new TollgateError(
        "ledger-login",
        what,
        "Correct the user or the password in --ledger. Nothing was changed.",
      )
    case "database-unknown":
      return new TollgateError(
        "ledger-unknown",
        what,
        "Create the database first, or correct its name in --ledger. Nothing was changed.",
      )
    case "database-url":
      return new TollgateError("ledger-url", what, error.next)
    default:
      return unreachable(what)
  }
}

/** Of a role that is for another service, or that lacks a privilege. */
export function mayNotWrite(service: string, why: string): TollgateError {
  return new TollgateError(
    "ledger-rights",
    `The user of --ledger may not do this for the service ${service}: ${why}.`,
    "Pass the URL of this service's own role, or let the owner of the ledger grant it: docs/ledger.md, A role for each service. Nothing was changed.",
  )
}

/** Of a role from before the ledger kept reports. */
export function mayNotStore(why: string): TollgateError {
  return new TollgateError(
    "report-rights",
    `The user of --ledger may not store reports: ${why}.`,
    "Let the owner of the ledger grant it SELECT and INSERT on tollgate_ledger.reports and tollgate_ledger.report_files. The run itself was recorded.",
  )
}

export function leaseHeld(holder: LeaseHolder): TollgateError {
  const { environment, run, owner, command, who, takenAt, expiresAt, token } = holder
  return new TollgateError(
    "lease-held",
    [
      `${environment} is locked by another run: ${command} by ${who}.`,
      `  run ${run}, on ${owner}, lease ${token}`,
      `  since ${exact(takenAt)}, until ${exact(expiresAt)} unless it renews its lease`,
    ].join("\n"),
    `Nothing was changed. Wait for that run to finish. If it was killed, the lease expires at ${exact(expiresAt)}; \`tollgate unlock --env=${environment} --reason=…\` frees it now.`,
  )
}

export function leaseLost(environment: string, why: string): TollgateError {
  return new TollgateError(
    "lease-lost",
    `This run lost its lease on ${environment}: ${why}`,
    `It stopped and left its changes to the run that holds the lease now. \`tollgate history --env=${environment}\` shows which.`,
  )
}

/** The target knows a ledger with later leases than this one. */
export function ledgerBehind(environment: string, token: number, seen: string, granted: number): TollgateError {
  return new TollgateError(
    "ledger-behind",
    [
      `The hosts of ${environment} have seen lease ${granted} of a ledger, and this ledger has only granted ${token}: it is another ledger, was restored from a backup, or had another name for this environment.`,
      `  last claimed by ${seen}`,
    ].join("\n"),
    `Nothing was changed. If --ledger names another ledger, correct it. If this is the right one, and no other is used for ${environment}: \`tollgate unlock --env=${environment} --raise=${granted} --reason=…\` lets its leases continue above ${granted}. A rollback works meanwhile.`,
  )
}

/** @param problems why each head that the hosts kept is not contained, in words */
export function ledgerLostEvents(environment: string, problems: readonly string[]): TollgateError {
  return new TollgateError(
    "ledger-lost-events",
    [
      `The ledger of ${environment} is not the one of the latest release, or lost events since:`,
      ...problems.map((problem) => `  ${problem}`),
    ].join("\n"),
    `Nothing was changed. If --ledger names another ledger, correct it. ${HEAD_NEXT} A rollback works meanwhile.`,
  )
}

/** To the second, since leases are short. */
function exact(iso: string): string {
  return moment(iso).replace(/ UTC$/, `:${iso.slice(17, 19)} UTC`)
}
