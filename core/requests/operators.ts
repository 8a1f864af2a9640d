import { z } from "zod"
import { sameKey } from "../config/approver-key.js"
import { OPERATOR_ACTIONS, type Operator, operatorRules } from "../config/operators.js"
import type { Policy } from "../release/policy/policy.js"
import { plainAction, type RequestAction } from "./request.js"

/** Who may request what in an environment. */
export interface RequestRules {
  readonly operators: readonly Operator[]
  /** Their approvals may be handed over. */
  readonly approvers: readonly Operator[]
  /** Seconds by which a person's clock may be ahead. */
  readonly clockSkew: number
}

const listed = z.array(operatorRules)

/** From the policy in force. Without `operators`, the approvers may request everything. */
export function requestRules({ approvals, rules }: Policy): RequestRules {
  const given = rules["operators"]
  const approvers = approvals.keys.map(
    ({ name, key, revoked }): Operator => ({
      name,
      key,
      may: [...OPERATOR_ACTIONS],
      ...(revoked === undefined ? {} : { revoked }),
    }),
  )
  const own = listed.safeParse(given)
  // a list that this Tollgate cannot read allows nobody anything
  const operators = given === undefined ? approvers : own.success ? own.data : []
  return { operators, approvers, clockSkew: approvals.clockSkew }
}

/** Every entry of a key, as operator or as approver. */
export function entriesOf({ operators, approvers }: RequestRules, key: string): Operator[] {
  return [...operators, ...approvers].filter((one) => sameKey(one.key, key))
}

/**
 * Whether the policy allows this key to request the action.
 *
 * @param canceled the action of the request that is canceled; null: another action, or a request that is not known
 */
export function mayRequest(
  { operators, approvers }: RequestRules,
  key: string,
  action: RequestAction,
  canceled: RequestAction | null,
): boolean {
  const plain = plainAction(action.kind === "cancel" && canceled !== null ? canceled : action)
  if (plain.kind === "approve") return approvers.some((one) => sameKey(one.key, key))
  // a request that is not known has an error of its own
  if (plain.kind === "cancel") return entriesOf({ operators, approvers, clockSkew: 0 }, key).length > 0
  return operators.some((one) => sameKey(one.key, key) && one.may.includes(plain.kind))
}
