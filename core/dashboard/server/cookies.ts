import type { Context } from "hono"
import { getCookie, setCookie } from "hono/cookie"
import type { Address } from "./address.js"

/** A cookie of this dashboard, which no script reads. */
export interface OwnCookie {
  /** An empty text when the browser has none. */
  read(context: Context): string
  /** @param seconds that the browser keeps it; 0 deletes it */
  write(context: Context, value: string, seconds: number): void
}

/**
 * With https, a prefix of its name lets browsers take it from this very host alone: another site of the same domain could set it otherwise.
 *
 * @param sameSite Lax: it also comes with a link of another site
 */
export function ownCookie(address: () => Address, kind: string, sameSite: "Strict" | "Lax"): OwnCookie {
  const name = () => `${address().secure ? "__Host-" : ""}tollgate-${kind}${address().cookies}`
  return {
    read: (context) => getCookie(context, name()) ?? "",
    write: (context, value, seconds) =>
      setCookie(context, name(), value, {
        httpOnly: true,
        sameSite,
        path: "/",
        maxAge: seconds,
        ...(address().secure ? { secure: true } : {}),
      }),
  }
}
