import { createHmac, randomBytes } from "node:crypto"
import type { Context, Hono } from "hono"
import type { Questions } from "../reading/questions.js"
import type { LedgerReader } from "../reading/reader.js"
import { pathIn, reportFile } from "./report-file.js"
import type { SignIn } from "./sign-in.js"

/**
 * Reports are made of what code under test wrote: hostile. A sandbox gives each an origin of its own, without scripts, forms and cookies.
 * Such a page's links bring no cookie either, so the address of a stored file has a key of the session in it.
 */
const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Keys in addresses, each of one session. */
class SessionKeys {
  readonly #signIn: Pick<SignIn, "isSession">
  readonly #secret = randomBytes(32)
  readonly #sessions = new Map<string, string>()

  constructor(signIn: Pick<SignIn, "isSession">) {
    this.#signIn = signIn
  }

  /** The same for the session's whole life. */
  keyOf(session: string): string {
    for (const [key, other] of this.#sessions) if (!this.#signIn.isSession(other)) this.#sessions.delete(key)
    const key = createHmac("sha256", this.#secret).update(session).digest("base64url")
    this.#sessions.set(key, session)
    return key
  }

  isKey(key: string): boolean {
    const session = this.#sessions.get(key)
    return session !== undefined && this.#signIn.isSession(session)
  }
}

export interface ReportRoutes {
  /** Before every other middleware, whose headers are for the dashboard's own pages. */
  headers(app: Hono): void
  /** The files themselves, by a session's key. */
  stored(app: Hono): void
  /** Addresses that are the same for everybody. Behind the sign-in. */
  links(app: Hono, sessionOf: (context: Context) => string): void
}

export function reportRoutes(
  reader: Pick<LedgerReader, "service" | "once">,
  ask: Pick<Questions, "ciRun">,
  signIn: Pick<SignIn, "isSession">,
): ReportRoutes {
  const keys = new SessionKeys(signIn)
  const part = (context: Context, name: string) => context.req.param(name) ?? ""
  const addressOf = (context: Context) => new URL(context.req.url).pathname
  return {
    headers: (app) => {
      app.use("/stored/*", async (context, next) => {
        await next()
        const { headers } = context.res
        headers.set("Content-Security-Policy", POLICY)
        headers.set("Referrer-Policy", "no-referrer")
        // a browser refuses a page that is in a sandbox and asks for a group of windows of its own
        headers.delete("Cross-Origin-Opener-Policy")
        headers.delete("Origin-Agent-Cluster")
      })
    },
    stored: (app) => {
      app.get("/stored/:key/:number/*", async (context) => {
        const [key, number] = [part(context, "key"), part(context, "number")]
        if (!keys.isKey(key))
          return context.text("This session has ended. Sign in, and open the report from the dashboard.", 401)
        const path = pathIn(addressOf(context), `/stored/${key}/${number}/`)
        const file = path === null ? null : await reportFile(reader, ask, number, path)
        if (file === null) return context.text("This is not a file of a report.", 404)
        if (file.kind !== "file") return context.text(file.words, file.kind === "missing" ? 404 : 409)
        return context.body(new Uint8Array(file.content), 200, {
          "Content-Type": file.type ?? "application/octet-stream",
          ...(file.type === null ? { "Content-Disposition": "attachment" } : {}),
        })
      })
    },
    links: (app, sessionOf) => {
      app.get("/reports/:number/*", (context) => {
        const key = keys.keyOf(sessionOf(context))
        return context.redirect(`/stored/${key}${addressOf(context).slice("/reports".length)}`, 302)
      })
    },
  }
}
