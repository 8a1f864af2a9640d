import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"
import { type Address, withoutPassword } from "./address.js"

const failure = z.object({ message: z.string(), code: z.string().optional() })

/** What kept every attempt to connect from working, and what to do about it. */
export function connectionProblem(address: Address, failures: readonly unknown[]): TollgateError {
  const known = failures.map((one) => failure.safeParse(one)).flatMap((parsed) => (parsed.success ? [parsed.data] : []))
  // of an attempt with TLS and one without, the one that got an answer from Postgres says more
  const said = known.find(({ code }) => code !== undefined && /^[0-9A-Z]{5}$/.test(code)) ??
    known.at(-1) ?? { message: "no answer", code: undefined }
  const message = withoutPassword(said.message, address)
  const where = `${address.host}:${address.port}`
  const error = (code: string, what: string, next: string) =>
    new TollgateError(code, what, `${next} Nothing was changed.`)
  switch (said.code) {
    case "28P01":
    case "28000":
      return error(
        "database-login",
        `The database at ${where} refuses the user ${address.user}: ${message}.`,
        "Correct the user or the password in --secrets.",
      )
    case "3D000":
      return error(
        "database-unknown",
        `There is no database ${address.database} at ${where}.`,
        "Correct its name in --secrets, or create it first.",
      )
    case "53300":
      return error(
        "database-full",
        `The database at ${where} accepts no more connections: ${message}.`,
        "Wait, or raise max_connections: a migration needs 5 connections.",
      )
    default:
      return error(
        "database-unreachable",
        `The database at ${where} cannot be reached: ${message}.`,
        "Check that the server is running and that this machine may connect to it.",
      )
  }
}
