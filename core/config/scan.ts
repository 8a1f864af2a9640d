import { z } from "zod"
import {
  always,
  containerImage,
  distinct,
  duration,
  expected,
  mapping,
  pathGlob,
  sequence,
  some,
  text,
  withHint,
} from "./fields.js"

/** From the worst to what nobody has rated. */
export const SEVERITIES = ["critical", "high", "medium", "low", "unknown"] as const
const SCANNERS = ["vulnerabilities", "secrets", "misconfiguration"] as const

const choice = (options: readonly string[]) =>
  expected(`one of ${options.join(", ")}`, (input) => {
    const meant = options.find(
      (option) => typeof input === "string" && input !== "" && option.startsWith(input.toLowerCase().slice(0, 4)),
    )
    return meant === undefined ? null : `write ${meant}`
  })

const agePattern = /^(?=.*[1-9])(?:(\d+)d)?(?:(\d+)h)?$/
const OLDEST_DAYS = 30

function toAge(written: string): number {
  const [, days = "0", hours = "0"] = agePattern.exec(written) ?? []
  return Number(days) * 24 + Number(hours)
}

/** Written as 24h, 7d or 1d12h; whole hours from here on. */
const age = text("an age such as 24h or 7d", agePattern, (input) =>
  typeof input === "number" && input > 0 ? `add a unit: ${input}h or ${input}d` : null,
)
  .refine((written) => !agePattern.test(written) || toAge(written) <= OLDEST_DAYS * 24, {
    error: expected(`an age of at most ${OLDEST_DAYS}d`),
  })
  .transform(toAge)

const datePattern = /^\d{4}-\d{2}-\d{2}$/

function isDay(written: string): boolean {
  const time = Date.parse(`${written}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(written)
}

const day = text("a date such as 2027-05-31", datePattern).refine(
  (written) => !datePattern.test(written) || isDay(written),
  { error: expected("a day that there is") },
)

const ignored = mapping("a mapping with id, reason and until", {
  id: text("an id such as CVE-2024-1135", /^\S+$/).describe("Id of the finding: a CVE, a GHSA, a rule of Trivy's."),
  package: text("a name of a package", /^\S+$/)
    .optional()
    .describe("Only in this package. When left out: wherever it is found."),
  paths: some(
    "a list of patterns of files",
    pathGlob("a pattern of files such as tests/keys/**"),
    "lists nothing: leave the key out for every file",
  )
    .optional()
    .describe("Only in files that match one of these patterns. When left out: wherever it is found."),
  reason: text("a reason").describe("Why it may be ignored: shown in every report."),
  until: day.describe("Last day, in UTC, on which it may be ignored."),
})

function noneTwice(list: unknown, context: z.core.$RefinementCtx<unknown>): void {
  if (!Array.isArray(list)) return
  const first = new Map<string, number>()
  list.forEach((entry: unknown, index) => {
    const parsed = ignored.safeParse(entry)
    if (!parsed.success) return
    const { id, package: name, paths } = parsed.data
    const key = JSON.stringify([id.toLowerCase(), name?.toLowerCase(), paths])
    const before = first.get(key)
    if (before === undefined) first.set(key, index)
    else
      context.addIssue({
        code: "custom",
        path: [index],
        message: withHint(`ignores the same as [${before}]`, "keep one of them"),
      })
  })
}

export const scan = mapping("a mapping that says what is looked for and what is refused", {
  failOn: z
    .enum(SEVERITIES, { error: choice(SEVERITIES) })
    .prefault("critical")
    .describe("Severity from which on a finding refuses the gate: critical, high, medium, low, unknown."),
  ignoreUnfixed: z
    .boolean({ error: expected("true or false") })
    .prefault(false)
    .describe("Whether a vulnerability without a fix is only reported, and does not fail the gate."),
  scanners: some(
    "a list of scanners",
    z.enum(SCANNERS, { error: choice(SCANNERS) }),
    "lists nothing: nothing would be looked at",
  )
    .prefault([...SCANNERS])
    .describe("What is looked for: vulnerabilities, secrets, misconfiguration."),
  image: z
    .boolean({ error: expected("true or false") })
    .prefault(true)
    .describe("Whether the built image is scanned."),
  skip: distinct("a list of patterns of files and folders", pathGlob("a pattern such as docs/samples/**"))
    .prefault([])
    .describe(
      "Patterns of files and folders of the source that are not looked at, relative to the source. The image is not affected.",
    ),
  database: containerImage
    .optional()
    .describe(
      "Where Trivy's vulnerability database is downloaded from, as an OCI artifact. When left out: Trivy's own place, or the engine's.",
    ),
  maxDatabaseAge: age
    .prefault("24h")
    .describe("Oldest vulnerability database that proves anything: 24h, 7d. At most 30d."),
  timeout: duration.prefault("10m").describe("Longest time for one scan: 90s, 10m, 1h30m."),
  ignore: sequence("a list of findings to ignore", ignored)
    .superRefine(noneTwice, always)
    .prefault([])
    .describe("Findings that do not refuse the gate, each with a reason and a last day."),
})

export type ScanSettings = z.output<typeof scan>
export type Ignore = ScanSettings["ignore"][number]
