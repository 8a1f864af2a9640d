import { z } from "zod"

/** Who may read: an address, all addresses of a domain, or a value of a claim. */
export type Rule =
  | { readonly kind: "email"; readonly email: string }
  | { readonly kind: "domain"; readonly domain: string }
  | { readonly kind: "claim"; readonly claim: string; readonly value: string }

/** The account that someone signed in with at the provider, in words for people. */
export interface Account {
  readonly name: string
  /** Its e-mail address, else its user name, else its id at the provider. */
  readonly id: string
}

export type Admission =
  | { readonly kind: "admitted"; readonly account: Account }
  /** `listed`: a rule names its address, which is not verified. */
  | { readonly kind: "refused"; readonly account: Account; readonly listed: boolean; readonly why: string }

/** Of a name that the provider sends. */
const LONGEST_NAME = 80

const readableText = z.string().min(1).optional().catch(undefined)
const known = z.looseObject({
  sub: z.string(),
  email: readableText,
  // the text "true" is no proof: some providers copy what an account wrote
  email_verified: z.boolean().catch(false),
  name: readableText,
  preferred_username: readableText,
})

export type Claims = Readonly<Record<string, unknown>>

/** @returns a text: why it is not a rule */
export function readRule(text: string): Rule | string {
  const [, claim, value = ""] = /^([^=@\s]+)=(.+)$/s.exec(text) ?? []
  if (claim !== undefined) return { kind: "claim", claim, value }
  if (/^@[^@\s,=]+\.[^@\s,=]+$/.test(text)) return { kind: "domain", domain: folded(text.slice(1)) }
  if (/^[^@\s,=]+@[^@\s,=]+$/.test(text)) return { kind: "email", email: folded(text) }
  return `--oidc-allow=${text} is neither an address (mei@shop.example), nor a domain (@shop.example), nor a claim (groups=payments).`
}

/**
 * An account that no rule names is refused. A rule for an address counts only when the provider has verified that the account receives mail there.
 *
 * @param claims of one source: an address of one and its verification of another would prove nothing
 */
export function admit(rules: readonly Rule[], claims: Claims): Admission {
  const { sub, email, email_verified: verified, name, preferred_username: user } = known.parse(claims)
  const id = shortened(email ?? user ?? sub)
  const account = { id, name: shortened(name ?? id) }
  const listed = rules.filter((rule) => names(rule, email ?? null, claims))
  if (listed.some(({ kind }) => kind === "claim" || verified)) return { kind: "admitted", account }
  return {
    kind: "refused",
    account,
    listed: listed.length > 0,
    why:
      listed.length === 0
        ? "It is not on the list of those who may read this dashboard."
        : "Its e-mail address is on the list, but the provider has not verified that the address belongs to it.",
  }
}

function names(rule: Rule, email: string | null, claims: Claims): boolean {
  switch (rule.kind) {
    case "email":
      return email !== null && folded(email) === rule.email
    case "domain":
      return email !== null && folded(email).split("@").length === 2 && folded(email).endsWith(`@${rule.domain}`)
    case "claim":
      return Object.hasOwn(claims, rule.claim) && [claims[rule.claim]].flat().includes(rule.value)
  }
}

/** ASCII alone: other letters have look-alikes that become the same. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** On one line, which a log needs. */
function shortened(text: string): string {
  const letters = [...text.replace(/\s+/g, " ")]
  return letters.length <= LONGEST_NAME ? letters.join("") : `${letters.slice(0, LONGEST_NAME).join("")}…`
}
