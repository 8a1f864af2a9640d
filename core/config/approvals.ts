import { z } from "zod"
import { keyBytes, personOf } from "./approver-key.js"
import { isDay } from "./day.js"
import { always, distinct, duration, entryOf, expected, mapping, sequence, text, withHint } from "./fields.js"

const KEY = /^ed25519:[A-Za-z0-9+/]{43}=$/

/**
 * Points of small order, and the spellings of them that are not the shortest: for such a key there are signatures that fit any message.
 * Cas Cremers, Dennis Jackson: Prime, Order Please! (https://eprint.iacr.org/2019/526), and libsodium's list.
 */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
])

function proves(key: string): boolean {
  const bytes = Buffer.from(key.slice("ed25519:".length), "base64")
  if (bytes.length !== 32) return false
  bytes[31] = (bytes[31] ?? 0) & 0x7f
  return !SMALL_ORDER.has(bytes.toString("hex"))
}

/** @param whose such as `an approver's` */
export const publicKeyOf = (whose: string) =>
  text(`${whose} public key such as ed25519:…, as \`tollgate approval-key\` prints it`, KEY, (input) =>
    typeof input === "string" && input.includes("PRIVATE")
      ? "that is the private key: it must not be in a file; make a new one"
      : null,
  ).refine((key) => !KEY.test(key) || proves(key), { error: "is a key that any signature fits" })

const DAY = /^\d{4}-\d{2}-\d{2}$/
const day = text("a date such as 2027-05-31", DAY).refine((written) => !DAY.test(written) || isDay(written), {
  error: expected("a day that there is"),
})

export const revokedFrom = day
  .optional()
  .describe("Day from which on the key proves nothing, whenever it signed. When left out: it is not revoked.")

const approver = mapping("a mapping with name and key", {
  name: text("an approver's name").describe("Who holds the private key: a person. Two keys of one person count once."),
  also: distinct("a list of names", text("a name of this person in Git or in CI"))
    .prefault([])
    .describe(
      "The person's other names, in Git and in CI: by these they are known as the author of a commit or as the deployer.",
    ),
  key: publicKeyOf("an approver's").describe("The public key, as `tollgate approval-key` prints it."),
  revoked: revokedFrom,
})

const least = expected("a whole number of approvals, 0 to 20")
const uses = expected("a whole number of deployments, 1 to 1000")

/** @param path of the list */
export function oneKeyEach(list: readonly unknown[], path: readonly string[], context: z.core.$RefinementCtx<unknown>) {
  const seen = new Map<string, number>()
  list.forEach((one, index) => {
    const key = entryOf(one, "key")
    if (typeof key !== "string") return
    // one key has several spellings in Base64
    const before = seen.get(keyBytes(key))
    if (before === undefined) seen.set(keyBytes(key), index)
    else
      context.addIssue({
        code: "custom",
        path: [...path, index, "key"],
        message: withHint(`is the key of [${before}] as well`, "one key belongs to one person"),
      })
  })
}

function enoughPeople(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const list = entryOf(value, "keys")
  const keys: unknown[] = Array.isArray(list) ? list : []
  oneKeyEach(keys, ["keys"], context)
  const required = entryOf(value, "required")
  const people = new Set(
    keys
      .filter((one) => entryOf(one, "revoked") === undefined)
      .map((one) => {
        const name = entryOf(one, "name")
        return typeof name === "string" ? personOf(name) : name
      }),
  )
  if (typeof required === "number" && required > people.size)
    context.addIssue({
      code: "custom",
      path: ["required"],
      message: withHint(
        `asks for more approvals than there are approvers: ${people.size}`,
        "list a key for each approver under keys",
      ),
    })
}

export const approvals = mapping("a mapping that says who must approve", {
  required: z
    .number({ error: least })
    .int({ error: least })
    .min(0, { error: least })
    .max(20, { error: least })
    .prefault(0)
    .describe("How many people must approve a deployment. 0: none."),
  keys: sequence("a list of approvers", approver).prefault([]).describe("Who may approve, each with a public key."),
  longest: duration.prefault("24h").describe("Longest time that an approval may hold: 4h, 24h."),
  clockSkew: duration.prefault("2m").describe("How far an approver's clock may be ahead."),
  breakGlass: z
    .boolean({ error: expected("true or false") })
    .prefault(true)
    .describe('Whether --break-glass="reason" may go past missing approvals and a freeze. It is recorded and told.'),
  uses: z
    .number({ error: uses })
    .int({ error: uses })
    .min(1, { error: uses })
    .max(1000, { error: uses })
    .prefault(1)
    .describe("How many releases one approval may bring traffic to."),
  requireSeparation: z
    .boolean({ error: expected("true or false") })
    .optional()
    .describe(
      "Whether the author of a commit in the plan and the deployer do not count as approvers. When left out: true for production, false for others.",
    ),
}).superRefine(enoughPeople, always)

/** With `requireSeparation` decided, which depends on the environment. */
export type ApprovalSettings = Omit<z.output<typeof approvals>, "requireSeparation"> & { requireSeparation: boolean }
export type Approver = ApprovalSettings["keys"][number]
