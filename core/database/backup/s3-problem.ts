import { z } from "zod"
import type { BackupSettings } from "../../config/database.js"
import { TollgateError } from "../../shared/errors.js"

const problem = z.object({ code: z.string(), message: z.string(), operation: z.string() })

/** One answer of python/tollgate_s3.py. */
export const said = z.union([z.object({ answer: z.unknown() }).required(), z.object({ error: problem })])

export type Said = z.output<typeof said>

/** Why S3-compatible storage did not do what was asked, and what to do about it. Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function s3Problem(
  { code, message, operation }: z.output<typeof problem>,
  bucket: string,
  s3: BackupSettings["s3"],
): TollgateError {
  const where = s3.endpoint ?? `Amazon S3 in ${s3.region}`
  const error = (name: string, what: string, next: string) =>
    new TollgateError(name, what, `${next} An unfinished file is not used as a backup.`)
  switch (code) {
    case "SignatureDoesNotMatch":
    case "InvalidAccessKeyId":
    case "ExpiredToken":
    case "InvalidToken":
    case "InvalidAccessKey":
      return error(
        "backup-login",
        `The storage at ${where} refuses the credentials (${code}).`,
        `Correct ${s3.accessKeyId} and ${s3.secretAccessKey} in --secrets.`,
      )
    case "RequestTimeTooSkewed":
      return error(
        "backup-login",
        `The storage at ${where} refuses the credentials: its clock and the engine's differ too much.`,
        "Set the clock of the engine's machine.",
      )
    case "AccessDenied":
    case "403":
      return error(
        "backup-denied",
        `The storage at ${where} denies this key ${operation} in the bucket ${bucket}.`,
        "Allow it to list the bucket, and to get, put and delete objects under the prefix.",
      )
    case "NoSuchBucket":
      return error(
        "backup-bucket",
        `There is no bucket ${bucket} at ${where}.`,
        "Correct database.backup.to, or create the bucket: Tollgate does not.",
      )
    case "PermanentRedirect":
    case "AuthorizationHeaderMalformed":
    case "IllegalLocationConstraintException":
      return error(
        "backup-region",
        `The bucket ${bucket} is not in the region ${s3.region}.`,
        "Correct database.backup.s3.region.",
      )
    case "Connection":
      return error(
        "backup-unreachable",
        `The storage at ${where} cannot be reached, or broke the connection: ${message}.`,
        "Check that it is running and that the engine may connect to it, and run the same command again.",
      )
    default:
      return error(
        "backup-store",
        `The storage at ${where} failed${operation === "" ? "" : ` at ${operation}`}: ${code}${message === "" ? "" : `, ${message}`}.`,
        "Run the same command again when the storage works.",
      )
  }
}
