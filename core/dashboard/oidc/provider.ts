import * as client from "openid-client"
import { TollgateError } from "../../shared/errors.js"
import type { Claims } from "./allow.js"
import type { Attempt } from "./attempts.js"
import { discoveryError, SignInProblem, signInProblem } from "./problems.js"
import { isHttpHere, type OidcSettings } from "./settings.js"

/** Seconds for each answer of the provider. */
const PATIENCE = 10
/** By which clocks may differ, in seconds. */
const CLOCK_SKEW = 60
/** Exchanges at once: each makes this process ask the provider, for someone who has no session yet. */
const MOST_AT_ONCE = 20

/** The provider of OIDC, which knows who people are. */
export class Provider {
  /** As people know it. */
  readonly name: string
  readonly #config: client.Configuration
  readonly #scope: string
  #exchanges = 0

  constructor(config: client.Configuration, { issuer, scopes }: Pick<OidcSettings, "issuer" | "scopes">) {
    this.name = issuer.host
    this.#config = config
    this.#scope = [...new Set(["openid", "email", "profile", ...scopes])].join(" ")
  }

  /**
   * @param back where the provider sends the browser
   * @param again the provider asks for an account, even if the browser has one
   */
  async startAt({ state, nonce, verifier }: Attempt, back: string, again: boolean): Promise<URL> {
    return client.buildAuthorizationUrl(this.#config, {
      redirect_uri: back,
      scope: this.#scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...(again ? { prompt: "login" } : {}),
    })
  }

  /**
   * Exchanges the code of an answer for the token, and verifies that: its signature, issuer, audience, time and nonce.
   *
   * @param answer the address that the provider sent the browser to
   * @returns what is known of the account: first what the token says, then what the provider answers when it is asked
   * @throws SignInProblem
   */
  async *claims(answer: URL, { state, nonce, verifier }: Attempt): AsyncGenerator<Claims> {
    if (this.#exchanges >= MOST_AT_ONCE)
      throw new SignInProblem("Too many people sign in at this moment.", "Sign in again in a minute.", { status: 503 })
    this.#exchanges += 1
    try {
      const tokens = await client.authorizationCodeGrant(this.#config, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const token = tokens.claims()
      if (token === undefined) throw new SignInProblem(`${this.name} sent no token.`, "Sign in again.", { fault: true })
      yield token
      if (this.#config.serverMetadata().userinfo_endpoint === undefined) return
      yield await client.fetchUserInfo(this.#config, tokens.access_token, token.sub)
    } catch (error) {
      throw signInProblem(error, this.name, PATIENCE, CLOCK_SKEW)
    } finally {
      this.#exchanges -= 1
    }
  }
}

/**
 * Reads the provider's configuration. Redirects are not followed.
 *
 * @param patience seconds for each of its answers
 * @throws TollgateError `oidc-unreachable`, `oidc-configuration`, `oidc-issuer`
 */
export async function openProvider(settings: OidcSettings, patience = PATIENCE): Promise<Provider> {
  const { issuer, clientId, clientSecret } = settings
  // as the library composes it: its errors do not name it
  const address = `${issuer.href.replace(/\/$/, "")}/.well-known/openid-configuration`
  const config = await client
    .discovery(issuer, clientId, { [client.clockTolerance]: CLOCK_SKEW }, authentication(clientSecret), {
      timeout: patience,
      // verifies the token's signature, which the library leaves to TLS otherwise
      execute: [client.enableNonRepudiationChecks, ...(isHttpHere(issuer) ? [client.allowInsecureRequests] : [])],
    })
    .catch((error: unknown) => {
      throw error instanceof client.ClientError && error.code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"
        ? otherIssuer(issuer, null)
        : discoveryError(error, issuer.href, address, patience)
    })
  const found = config.serverMetadata()
  // openid-client lets the address that Microsoft has for all of its customers pass
  if (!URL.canParse(found.issuer) || new URL(found.issuer).href !== issuer.href) throw otherIssuer(issuer, found.issuer)
  const missing = (["authorization_endpoint", "token_endpoint", "jwks_uri"] as const).filter(
    (name) => found[name] === undefined,
  )
  if (missing.length > 0)
    throw new TollgateError(
      "oidc-configuration",
      `The configuration of the OIDC provider at ${address} has no ${missing.join(", no ")}.`,
      "Use a provider with OpenID Connect Discovery and the authorization code flow.",
    )
  return new Provider(config, settings)
}

function otherIssuer(issuer: URL, found: string | null): TollgateError {
  return new TollgateError(
    "oidc-issuer",
    `The OIDC provider at ${issuer.href} says that it is ${found === null ? "another issuer" : `the issuer ${found}`}.`,
    "Pass --oidc-issuer as the provider's configuration has it under `issuer`. At Microsoft, pass the issuer of your own tenant.",
  )
}

/** `client_secret_basic` is the default of OIDC: a provider that does not take it names the methods that it takes. */
function authentication(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported
    const chosen = methods === undefined || methods.includes("client_secret_basic") ? basic : post
    return chosen(server, ...rest)
  }
}
