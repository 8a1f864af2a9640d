import { isLoopback } from "../server/address.js"
import { type Rule, readRule } from "./allow.js"

export interface OidcSettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  readonly rules: readonly Rule[]
  /** Beside openid, email and profile. */
  readonly scopes: readonly string[]
}

export interface OidcOptions {
  readonly oidcIssuer?: string | undefined
  readonly oidcClientId?: string | undefined
  readonly oidcClientSecret?: string | undefined
  readonly oidcAllow: readonly string[]
}

/** A provider on this machine, for development: its tokens cross no network. */
export function isHttpHere(issuer: URL): boolean {
  return issuer.protocol === "http:" && isLoopback(issuer.hostname)
}

/** Problems that make a sign-in impossible; empty: the options are complete, or left out. */
export function problemsOfOidc(options: OidcOptions): string[] {
  const { oidcIssuer: issuer, oidcAllow: allow } = options
  const given: [name: string, given: boolean][] = [
    ["--oidc-issuer", issuer !== undefined],
    ["--oidc-client-id", options.oidcClientId !== undefined],
    ["--oidc-client-secret", options.oidcClientSecret !== undefined],
    ["--oidc-allow", allow.length > 0],
  ]
  const missing = given.filter(([, is]) => !is).map(([name]) => name)
  if (missing.length === given.length) return []
  return [
    ...(missing.length === 0
      ? []
      : [`Sign-in by OIDC needs ${given.map(([name]) => name).join(", ")}: ${missing.join(", ")} is missing.`]),
    ...(issuer === undefined ? [] : problemsOfIssuer(issuer)),
    ...allow.map(readRule).filter((read) => typeof read === "string"),
  ]
}

function problemsOfIssuer(text: string): string[] {
  if (!URL.canParse(text)) return [`--oidc-issuer is not a URL: ${text}. Write it as https://login.example.`]
  const url = new URL(text)
  if (url.protocol !== "https:" && !isHttpHere(url))
    return [`--oidc-issuer is not https: ${text}. Anyone between here and the provider could forge who people are.`]
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.pathname.includes("/.well-known/"))
    return [
      `--oidc-issuer is not an issuer: ${url.origin}${url.pathname}. Leave out what follows the issuer, such as /.well-known/….`,
    ]
  return []
}
