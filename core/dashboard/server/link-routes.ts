import type { Context, Hono } from "hono"
import type { View } from "../view/frame.js"
import { signInView } from "../view/messages.js"
import type { OwnCookie } from "./cookies.js"
import { SESSION_HOURS, type SignIn } from "./sign-in.js"

/** Of a form; a token has 43 characters. */
const LONGEST_FORM = 2000

export interface LinkParts {
  readonly signIn: SignIn
  readonly session: OwnCookie
  readonly show: (context: Context, view: View, status: 403 | 429) => Response
}

/** Sign-in by a printed link. Opening it does not use it up: programs follow links before people do. */
export function linkRoutes(app: Hono, { signIn, session, show }: LinkParts): void {
  app.post("/sign-in", async (context) => {
    const form = await formOf(context)
    const result = signIn.signIn(form?.get("token") ?? "")
    switch (result.kind) {
      case "wait":
        context.header("Retry-After", String(result.seconds))
        return show(context, signInView(null, `Too many wrong links. Wait ${result.seconds} s.`), 429)
      case "wrong":
        return show(
          context,
          signInView(null, "This link was already used, has expired, or is not from this dashboard."),
          403,
        )
      case "session":
        session.write(context, result.id, SESSION_HOURS * 3600)
        return context.redirect("/", 303)
    }
  })
}

async function formOf(context: Context): Promise<URLSearchParams | null> {
  const length = Number(context.req.header("content-length") ?? Number.NaN)
  if (!(length <= LONGEST_FORM)) return null
  return new URLSearchParams(await context.req.text())
}
