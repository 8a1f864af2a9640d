import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { vi } from "vitest"
import type { OidcSettings } from "../../core/dashboard/oidc/settings.js"
import { onLoopback } from "../loopback.js"

export const DASHBOARD = "https://dash.example"
export const CLIENT = { id: "tollgate", secret: "a secret of + the/client" }

export interface Issuer {
  url: string
  close(): Promise<void>
}

export function oidcSettings(url: string, more: Partial<OidcSettings> = {}): OidcSettings {
  return {
    issuer: new URL(url),
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    rules: [],
    scopes: [],
    ...more,
  }
}

async function served(handler: (url: string) => (asked: IncomingMessage, answer: ServerResponse) => void) {
  let handle: ReturnType<typeof handler> | null = null
  const server: Server = createServer((asked, answer) => handle?.(asked, answer))
  // by this name it is another site than the dashboard's
  const url = `http://localhost:${await onLoopback(server)}`
  handle = handler(url)
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done())
      server.closeAllConnections()
    })
  return { url, close }
}

/** A real provider. Its people are the accounts of these names. */
export async function realIssuer(
  accounts: Record<string, Record<string, unknown>>,
  redirect = `${DASHBOARD}/sign-in/callback`,
): Promise<Issuer> {
  // of defaults that a real one should not have, and of a version of Node that it was not tested with
  const notices = (["warn", "info"] as const).map((kind) => vi.spyOn(console, kind).mockImplementation(() => undefined))
  const { default: Provider } = await import("oidc-provider")
  const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" })
  const issuer = await served((url) => {
    const provider = new Provider(url, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [redirect],
          // the loopback by http, with any port, is for programs on a person's machine
          application_type: redirect.startsWith("http:") ? "native" : "web",
          response_types: ["code"],
        },
      ],
      findAccount: (_: unknown, id: string) =>
        accounts[id] === undefined ? undefined : { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
      scopes: ["openid", "email", "profile", "groups"],
      jwks: { keys: [{ ...jwk, use: "sig", alg: "RS256" }] },
      cookies: { keys: ["of a test"] },
      pkce: { required: () => true },
      loadExistingGrant: async (context: {
        oidc: { client: { clientId: string }; session: { accountId: string }; params: { scope: string } }
      }) => {
        const { client, session, params } = context.oidc
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
        grant.addOIDCScope(params.scope)
        await grant.save()
        return grant
      },
    })
    return provider.callback()
  })
  return {
    url: issuer.url,
    close: async () => {
      for (const notice of notices) notice.mockRestore()
      await issuer.close()
    },
  }
}

/** What a token of an issuer is made of. */
export interface Forged {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  key: KeyObject
}

/** An issuer that sends whatever a test wants, for any code. */
export class FalseIssuer {
  readonly own = generateKeyPairSync("ec", { namedCurve: "P-256" })
  readonly other = generateKeyPairSync("ec", { namedCurve: "P-256" })
  /** Changes the token that would be good. null: it sends none. */
  change: (good: Forged) => Forged | null = (good) => good
  nonce = ""
  /** Changes its configuration. */
  configuration: (good: Record<string, unknown>) => Record<string, unknown> = (good) => good
  /** How often a code was exchanged. */
  exchanges = 0
  #served: Issuer | null = null

  get url(): string {
    if (this.#served === null) throw new Error("start it first")
    return this.#served.url
  }

  async start(): Promise<this> {
    this.#served = await served((url) => (asked, answer) => {
      const body = this.#answer(url, asked.url ?? "")
      answer.writeHead(body === null ? 404 : 200, { "content-type": "application/json" })
      answer.end(JSON.stringify(body ?? {}))
    })
    return this
  }

  async close(): Promise<void> {
    await this.#served?.close()
  }

  #answer(url: string, path: string): unknown {
    switch (path) {
      case "/.well-known/openid-configuration":
        return this.configuration({
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["ES256"],
        })
      case "/keys":
        return { keys: [{ ...this.own.publicKey.export({ format: "jwk" }), use: "sig", alg: "ES256" }] }
      case "/token": {
        this.exchanges += 1
        const token = this.#token(url)
        return { access_token: "a", token_type: "Bearer", ...(token === null ? {} : { id_token: token }) }
      }
      default:
        return null
    }
  }

  #token(url: string): string | null {
    const now = Math.floor(Date.now() / 1000)
    const forged = this.change({
      header: { alg: "ES256" },
      claims: {
        iss: url,
        aud: CLIENT.id,
        sub: "1",
        iat: now,
        exp: now + 300,
        nonce: this.nonce,
        email: "mei@shop.example",
        email_verified: true,
        name: "Mei Lin",
      },
      key: this.own.privateKey,
    })
    if (forged === null) return null
    const parts = [forged.header, forged.claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    const signed = parts.join(".")
    if (forged.header["alg"] === "none") return `${signed}.`
    const signature = sign("sha256", Buffer.from(signed), { key: forged.key, dsaEncoding: "ieee-p1363" })
    return `${signed}.${signature.toString("base64url")}`
  }
}
