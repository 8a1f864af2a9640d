import type { Hono } from "hono"
import { secureHeaders } from "hono/secure-headers"
import type { Address } from "./address.js"

/** For probes of the process: without a session, and by any name, because they know only an address. */
export const HEALTH = "/healthz"

const YEAR_SECONDS = 31_536_000

/** What holds for every answer, and which requests get none. Headers of a proxy (Forwarded, X-Forwarded-…) are not read. */
export function guard(app: Hono, address: () => Address): void {
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
      // with no-referrer a browser would not name the origin of our own forms either
      referrerPolicy: "same-origin",
      crossOriginOpenerPolicy: "same-origin",
      crossOriginResourcePolicy: "same-origin",
      strictTransportSecurity: false,
      permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    }),
  )
  app.use(async (context, next) => {
    context.header("Cache-Control", "no-store")
    const { hosts, origin, origins, secure } = address()
    const { method, path } = context.req
    const reads = method === "GET" || method === "HEAD"
    if (secure) context.header("Strict-Transport-Security", `max-age=${YEAR_SECONDS}`)
    if (reads && path === HEALTH) return context.text("ok")
    if (!hosts.includes(context.req.header("host") ?? ""))
      return context.text(
        `This is not the dashboard's address, which is ${origin}. A proxy in front of it has to pass on the header Host.`,
        421,
      )
    // a page of another site sends its own origin, or none
    if (!reads && !origins.includes(context.req.header("origin") ?? ""))
      return context.text("This form is not from the dashboard.", 403)
    return await next()
  })
}
