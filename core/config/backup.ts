import { z } from "zod"
import { always, distinct, entryOf, environmentName, expected, mapping, text, withHint } from "./fields.js"

const wholeNumber = (what: string, least: number, most: number) => {
  const error = expected(what)
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

/** Bucket names as Amazon allows them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const DESTINATION =
  /^(?:directory:[a-z0-9][a-z0-9-]*|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*)$/

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

const s3 = mapping("a mapping that says how the storage is reached", {
  endpoint: text("https://HOST or https://HOST:PORT", /^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/)
    .optional()
    .describe("Address of S3-compatible storage. When left out: Amazon's own for the region."),
  region: text("a region such as eu-central-1", /^[a-z0-9-]+$/)
    .prefault("us-east-1")
    .describe("Region that the bucket is in."),
  accessKeyId: environmentName
    .prefault("BACKUP_ACCESS_KEY_ID")
    .describe("Name in --secrets whose value is the access key's id."),
  secretAccessKey: environmentName
    .prefault("BACKUP_SECRET_ACCESS_KEY")
    .describe("Name in --secrets whose value is the secret access key."),
  sessionToken: environmentName
    .optional()
    .describe("Name in --secrets of the session token that belongs to a key for a short time. When left out: none."),
})

export const backup = mapping("a mapping that says where backups go", {
  to: text("directory:NAME or s3://BUCKET/PREFIX", DESTINATION, (input) =>
    typeof input === "string" && /^[./~]/.test(input)
      ? "a folder of a machine cannot be reached from the engine: directory:NAME is a volume that the engine keeps"
      : null,
  )
    .prefault("directory:backups")
    .describe(
      "Where backups are kept: directory:NAME is a volume of the engine, s3://BUCKET/PREFIX is S3-compatible storage.",
    ),
  s3: s3.prefault({}).describe("How the storage of s3://… is reached."),
  encryptTo: distinct("a list of age recipients", text("an age recipient: age1…", /^age1[0-9a-z]{58}$/))
    .prefault([])
    .describe("Public keys of age that backups are encrypted to. Empty: backups are not encrypted."),
  test: z
    .boolean({ error: expected("true or false") })
    .prefault(true)
    .describe(
      "Whether each backup is restored once, with every row counted, before the database is changed. `false` needs `database.rehearse: false`, and is ignored where real money is paid: a backup of production is always tested.",
    ),
  keep: wholeNumber("a whole number of backups, 1 to 1000", 1, 1000)
    .prefault(14)
    .describe("How many backups are kept at least."),
  days: wholeNumber("a whole number of days, 1 to 3650", 1, 3650)
    .prefault(30)
    .describe(
      "Days that a backup is kept at least. One that is older, and not among the newest that `keep` counts, is removed.",
    ),
}).superRefine(nothingInTheClear, always)

/** A backup is every row of a payment service: it does not cross a network for everybody to read. */
function nothingInTheClear(settings: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const to = entryOf(settings, "to")
  const endpoint = entryOf(entryOf(settings, "s3"), "endpoint")
  const recipients = entryOf(settings, "encryptTo")
  if (typeof to !== "string" || !to.startsWith("s3:") || typeof endpoint !== "string" || !endpoint.startsWith("http:"))
    return
  if (Array.isArray(recipients) && recipients.length > 0) return
  const host = /^http:\/\/(\[[^\]]*\]|[^/:]*)/.exec(endpoint)?.[1] ?? ""
  if (!LOOPBACK.test(host))
    context.addIssue({
      code: "custom",
      path: ["s3", "endpoint"],
      message: withHint("would send backups through the network unencrypted", "use https://, or give encryptTo"),
    })
}
