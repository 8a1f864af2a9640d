import { z } from "zod"
import { oneKeyEach, publicKeyOf, revokedFrom } from "./approvals.js"
import { always, distinct, expected, mapping, sequence, text } from "./fields.js"

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

export const operators = sequence("a list of operators", operator).superRefine(
  (list: unknown, context) => oneKeyEach(Array.isArray(list) ? list : [], [], context),
  always,
)

/** An operator as a policy in the ledger has them. */
export const operatorRules = z.strictObject({
  name: z.string(),
  key: z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
  may: z.array(z.enum(OPERATOR_ACTIONS)),
  revoked: z.string().optional(),
})
export type Operator = z.output<typeof operatorRules>
