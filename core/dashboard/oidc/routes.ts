import type { Context, Hono } from "hono"
import { TollgateError } from "../../shared/errors.js"
import type { Address } from "../server/address.js"
import { type OwnCookie, ownCookie } from "../server/cookies.js"
import { SESSION_HOURS, type SignIn } from "../server/sign-in.js"
import type { View } from "../view/frame.js"
import { failedSignInView, refusedView, signedInView } from "../view/oidc.js"
import { type Admission, admit, type Claims, type Rule } from "./allow.js"
import { ATTEMPT_MINUTES, type Attempts } from "./attempts.js"
import { SignInProblem } from "./problems.js"
import type { Provider } from "./provider.js"
import { returnPath } from "./return-path.js"

/** Registered at the provider. */
export const CALLBACK = "/sign-in/callback"

export interface OidcParts {
  readonly provider: Pick<Provider, "name" | "startAt" | "claims">
  readonly rules: readonly Rule[]
  readonly attempts: Attempts
}

export interface RouteParts extends OidcParts {
  readonly signIn: SignIn
  readonly session: OwnCookie
  readonly address: () => Address
  readonly show: (context: Context, view: View, status: 200 | 403 | 503) => Response
  readonly report: (error: unknown) => void
}

/** The way to the provider and back. */
export function oidcRoutes(app: Hono, parts: RouteParts): void {
  const { provider, rules, attempts, signIn, session, address, show, report } = parts
  // with Strict it would not come back: another site leads to the answer
  const attemptOf = ownCookie(address, "login-", "Lax")
  const back = () => `${address().origin}${CALLBACK}`

  app.get("/sign-in/start", async (context) => {
    const { to = "/", again } = context.req.query()
    const { origin } = address()
    // the answer goes to one address, and the cookie has to be there
    if (new URL(origin).host !== context.req.header("host"))
      return context.redirect(`${origin}/sign-in/start?${new URLSearchParams({ to: returnPath(to) })}`, 302)
    const attempt = attempts.start(returnPath(to))
    attemptOf.write(context, attempt.cookie, ATTEMPT_MINUTES * 60)
    return context.redirect((await provider.startAt(attempt, back(), again !== undefined)).href, 302)
  })

  app.get(CALLBACK, async (context) => {
    // a program that only looks uses up nothing
    if (context.req.method !== "GET") return context.body(null, 405)
    const attempt = attempts.take(attemptOf.read(context), context.req.query("state") ?? "")
    if (attempt === null)
      return show(
        context,
        failedSignInView(
          `This sign-in was not started in this browser, was started more than ${ATTEMPT_MINUTES} minutes ago, or was completed already. A later one, in another tab, replaces an earlier one.`,
          "Sign in again.",
        ),
        403,
      )
    attemptOf.write(context, "", 0)
    try {
      const answer = new URL(back())
      answer.search = new URL(context.req.url).search
      const admission = await decide(rules, provider.claims(answer, attempt))
      if (admission.kind === "refused") {
        report(refusal(provider.name, admission))
        return show(context, refusedView(provider.name, admission.account, admission.why), 403)
      }
      signIn.signOut(session.read(context))
      session.write(context, signIn.open(admission.account.name), SESSION_HOURS * 3600)
      context.header("Refresh", `0; url=${attempt.to}`)
      return show(context, signedInView(admission.account, attempt.to), 200)
    } catch (error) {
      if (!(error instanceof SignInProblem)) throw error
      if (error.fault) report(new TollgateError("oidc-sign-in", error.what, error.next))
      return show(context, failedSignInView(error.what, error.next), error.status)
    }
  })
}

/** The first source that admits the account does; the last one says why none did. */
async function decide(rules: readonly Rule[], sources: AsyncIterable<Claims>): Promise<Admission> {
  let decided: Admission | null = null
  for await (const claims of sources) {
    const before: Admission | null = decided
    decided = admit(rules, claims)
    if (decided.kind === "admitted") return decided
    // an address that is listed and not verified says more than its absence
    if (before?.kind === "refused" && before.listed) decided = before
  }
  if (decided === null) throw new RangeError("a sign-in that succeeded has claims")
  return decided
}

function refusal(provider: string, { account, why }: Extract<Admission, { kind: "refused" }>): TollgateError {
  return new TollgateError(
    "oidc-refused",
    `${account.id} of ${provider} was refused. ${why}`,
    "To admit the account, pass --oidc-allow with its address, its domain or a claim, and restart the dashboard.",
  )
}
