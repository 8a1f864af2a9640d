import { canonicalKey } from "../../config/approver-key.js"
import type { Operator } from "../../config/operators.js"
import { fingerprint } from "../../release/approval/approval.js"
import { policyDifference } from "../../release/policy/difference.js"
import type { Policy } from "../../release/policy/policy.js"
import { requestRules } from "../../requests/operators.js"
import { duration } from "../../shared/figures.js"
import { freezeOf } from "./freeze.js"

/** A part of a policy, and what would change in it. */
export interface PolicyWords {
  readonly subject: string
  /** Empty: nothing. */
  readonly lines: readonly string[]
}

/**
 * The change of a policy in words: who gains and who loses which right, and what is required from then on. Each setting that differs is in
 * `policyDifference`; what has no words here is said as it says it.
 *
 * @param from null: none is in force
 */
export function policyWords(from: Policy | null, to: Policy): PolicyWords[] {
  return [
    { subject: "Who may approve", lines: approverWords(from?.approvals ?? null, to.approvals) },
    { subject: "How approvals count", lines: countWords(from?.approvals ?? null, to.approvals) },
    { subject: "Who may request what", lines: operatorWords(from, to) },
    { subject: "Freezes", lines: freezeWords(from, to) },
    ...OTHERS.map(([path, subject]) => ({
      subject,
      lines: policyDifference(from, to).filter((text) => text.startsWith(path)),
    })),
  ]
}

const OTHERS = [
  ["gates.", "Gates and suites"],
  ["thresholds.", "Thresholds"],
  ["target", "Target"],
] as const

type Approvals = Policy["approvals"]

function byKey<One extends { readonly key: string }>(list: readonly One[]): Map<string, One> {
  return new Map(list.map((one) => [canonicalKey(one.key), one]))
}

const keyWords = (key: string) => `key ${fingerprint(key)}`

function approverWords(from: Approvals | null, to: Approvals): string[] {
  const [before, after] = [byKey(from?.keys ?? []), byKey(to.keys)]
  const gained = [...after].flatMap(([key, { name, also, revoked }]) => {
    const old = before.get(key)
    if (old === undefined)
      return [
        `${name} may approve: ${keyWords(key)}${also.length === 0 ? "" : `, also known as ${also.join(", ")}`}${revoked === undefined ? "" : `, revoked on ${revoked}`}.`,
      ]
    return [
      ...(old.name === name ? [] : [`The ${keyWords(key)} becomes ${name}'s. It is ${old.name}'s now.`]),
      ...revokedWords(name, key, old.revoked, revoked),
      ...(old.also.join("\n") === also.join("\n")
        ? []
        : [
            `${name} is also known as ${also.length === 0 ? "nobody else" : also.join(", ")}. Now: ${old.also.length === 0 ? "nobody else" : old.also.join(", ")}.`,
          ]),
    ]
  })
  const lost = [...before].flatMap(([key, { name }]) =>
    after.has(key) ? [] : [`${name} may no longer approve: ${keyWords(key)}.`],
  )
  return [...gained, ...lost]
}

function revokedWords(name: string, key: string, old: string | undefined, fresh: string | undefined): string[] {
  if (old === fresh) return []
  if (fresh === undefined) return [`The ${keyWords(key)} of ${name} is no longer revoked. It is revoked on ${old} now.`]
  return [`The ${keyWords(key)} of ${name} is revoked on ${fresh}.${old === undefined ? "" : ` Now: ${old}.`}`]
}

function countWords(from: Approvals | null, to: Approvals): string[] {
  const words = (name: keyof Omit<Approvals, "keys">, say: (rules: Approvals) => string, remark = ""): string[] => {
    if (from === null) return [`${say(to)}.`]
    return from[name] === to[name] ? [] : [`${say(to)}. Now: ${say(from)}.${remark}`]
  }
  const fewer = from !== null && to.required < from.required
  return [
    ...words(
      "required",
      ({ required }) => (required === 0 ? "No approval is required" : `Approvals required: ${required}`),
      fewer ? " Fewer people have to agree." : " More people have to agree.",
    ),
    ...words("requireSeparation", ({ requireSeparation }) =>
      requireSeparation
        ? "Authors of a planned commit and the deployer do not count as approvers"
        : "Authors of a planned commit and the deployer count as approvers of their own work",
    ),
    ...words("breakGlass", ({ breakGlass }) =>
      breakGlass ? "Break-glass may override missing approvals and freezes" : "Break-glass is forbidden",
    ),
    ...words("longest", ({ longest }) => `An approval is valid for at most ${duration(longest)}`),
    ...words("uses", ({ uses }) =>
      uses === 1 ? "An approval is good for one release" : `An approval is good for ${uses} releases`,
    ),
    ...words("clockSkew", ({ clockSkew }) => `An approver's clock may be ahead by ${duration(clockSkew)}`),
  ]
}

function operatorWords(from: Policy | null, to: Policy): string[] {
  const rights = (policy: Policy | null) => byKey<Operator>(policy === null ? [] : [...requestRules(policy).operators])
  const [before, after] = [rights(from), rights(to)]
  const keys = [...new Set([...after.keys(), ...before.keys()])]
  const changed = keys.flatMap((key) => {
    const [old, fresh] = [before.get(key), after.get(key)]
    const [had, has] = [old?.may ?? [], fresh?.may ?? []]
    const [gained, lost] = [has.filter((one) => !had.includes(one)), had.filter((one) => !has.includes(one))]
    const name = fresh?.name ?? old?.name ?? ""
    return [
      ...(gained.length === 0
        ? []
        : [
            `${name} may request ${gained.join(", ")}: ${keyWords(key)}${fresh?.revoked === undefined ? "" : `, revoked on ${fresh.revoked}`}.`,
          ]),
      ...(lost.length === 0 ? [] : [`${name} may no longer request ${lost.join(", ")}: ${keyWords(key)}.`]),
      ...(old === undefined || fresh === undefined || old.name === fresh.name
        ? []
        : [`The ${keyWords(key)} becomes ${fresh.name}'s. It is ${old.name}'s now.`]),
      ...(old === undefined || fresh === undefined ? [] : revokedWords(name, key, old.revoked, fresh.revoked)),
    ]
  })
  const lists = (policy: Policy | null) => policy !== null && policy.rules["operators"] !== undefined
  if (from === null || lists(from) === lists(to)) return changed
  return [
    lists(to)
      ? "Only the listed operators may request something. Now: every approver may request everything."
      : "Every approver may request everything. Now: only the listed operators may request something.",
    ...changed,
  ]
}

function freezeWords(from: Policy | null, to: Policy): string[] {
  const [before, after] = [from === null ? null : freezeOf(from), freezeOf(to)]
  // one that cannot be read is said setting by setting
  if (after === null || (from !== null && before === null))
    return policyDifference(from, to).filter((text) => text.startsWith("freeze"))
  const [old, fresh] = [windowsOf(before), windowsOf(after)]
  return [
    ...(before !== null && before.zone !== after.zone ? [`All times are in ${after.zone}. Now: ${before.zone}.`] : []),
    ...fresh.filter((one) => !old.includes(one)).map((one) => `Frozen: ${one}.`),
    ...old.filter((one) => !fresh.includes(one)).map((one) => `No longer frozen: ${one}.`),
  ]
}

function windowsOf(freeze: ReturnType<typeof freezeOf>): string[] {
  if (freeze === null) return []
  return [
    ...freeze.once.map(
      ({ from, until, reason }) => `${from.replace("T", " ")} to ${until.replace("T", " ")}, ${reason}`,
    ),
    ...freeze.weekly.map(({ days, from, until, reason }) => `${days.join(", ")}, ${from} to ${until}, ${reason}`),
  ]
}
