import { z } from "zod"
import { publicKeyOf, revokedFrom } from "./approvals.js"
import { keyBytes } from "./approver-key.js"
import { always, distinct, entryOf, expected, mapping, sequence, text, withHint } from "./fields.js"

/** What an operator may request. Who may request an action may also schedule it, and cancel it before it starts. */
export const OPERATOR_ACTIONS = ["deploy", "rollback", "maintenance", "unlock"] as const

const operator = mapping("a mapping with name and key", {
  name: text("an operator's name").describe("Who holds the private key: a person."),
  key: publicKeyOf("an operator's").describe("The public key, as `tollgate approval-key` prints it."),
  may: distinct(
    "a list of actions",
    z.enum(OPERATOR_ACTIONS, { error: expected(`one of ${OPERATOR_ACTIONS.join(", ")}`) }),
  )
    .prefault([...OPERATOR_ACTIONS])
    .describe(
      "What this person may request: deploy, rollback, maintenance, unlock. Scheduling and canceling go with it.",
    ),
  revoked: revokedFrom,
})

function oneKeyEach(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const seen = new Map<string, number>()
  const list: unknown[] = Array.isArray(value) ? value : []
  list.forEach((one, index) => {
    const key = entryOf(one, "key")
    if (typeof key !== "string") return
    const before = seen.get(keyBytes(key))
    if (before === undefined) seen.set(keyBytes(key), index)
    else
      context.addIssue({
        code: "custom",
        path: [index, "key"],
        message: withHint(`is the key of [${before}] as well`, "one key belongs to one person"),
      })
  })
}

export const operators = sequence("a list of operators", operator).superRefine(oneKeyEach, always)

/** An operator as a policy in the ledger has them. */
export const operatorRules = z.strictObject({
  name: z.string(),
  key: z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
  may: z.array(z.enum(OPERATOR_ACTIONS)),
  revoked: z.string().optional(),
})
export type Operator = z.output<typeof operatorRules>
