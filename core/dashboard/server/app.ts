import { type Context, Hono } from "hono"
import { getCookie, setCookie } from "hono/cookie"
import { secureHeaders } from "hono/secure-headers"
import { TollgateError } from "../../shared/errors.js"
import type { LedgerReader } from "../reading/reader.js"
import { type Frame, framed, type View } from "../view/frame.js"
import { brokenView, notFoundView, notSignedView, signInView, unreachableView } from "../view/messages.js"
import type { Clock } from "../view/time.js"
import { type AnswerParts, answerRequest } from "./answer-request.js"
import type { ApprovalDesk } from "./approval-desk.js"
import { assets } from "./assets.js"
import type { Page, Pages } from "./pages.js"
import { RecentPages } from "./recent-pages.js"
import type { ReportRoutes } from "./report-routes.js"
import type { RequestDesk } from "./request-desk.js"
import { SESSION_HOURS, type SignIn } from "./sign-in.js"
import { ledgerStream, type Streams } from "./stream.js"

/** Of a form; a token has 43 characters. */
const LONGEST_FORM = 2000
/** Seconds after which a browser without scripts reloads the page of an unreachable ledger. */
const AGAIN_SECONDS = 5

export interface AppParts {
  readonly reader: LedgerReader
  readonly reports: ReportRoutes
  readonly pages: Pages
  readonly signIn: SignIn
  readonly desk: RequestDesk
  readonly approvals: ApprovalDesk
  readonly clock: Clock
  /** Values of the header Host that are answered: another name that resolves to this machine belongs to another site. */
  readonly hosts: () => readonly string[]
  /** Ends the streams. */
  readonly closing: AbortSignal
  /** Where errors are printed that are bugs. */
  readonly report: (error: unknown) => void
}

export function dashboardApp({
  reader,
  reports,
  pages,
  signIn,
  desk,
  approvals,
  clock,
  hosts,
  closing,
  report,
}: AppParts): Hono {
  const app = new Hono()
  const files = assets()
  const streams: Streams = { open: 0 }
  const recent = new RecentPages(reader)
  // cookies do not know ports: two dashboards would sign each other out
  const cookie = () => `tollgate-${hosts()[0]?.split(":")[1] ?? ""}`
  const part = (context: Context, name: string) => context.req.param(name) ?? ""
  const sessionOf = (context: Context) => getCookie(context, cookie()) ?? ""

  reports.headers(app)
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
    if (!hosts().includes(context.req.header("host") ?? ""))
      return context.text("This is not the dashboard's address.", 421)
    // a page of another site sends its own origin, or none
    const { method } = context.req
    if (method !== "GET" && method !== "HEAD") {
      const origin = context.req.header("origin")
      const own = origin !== undefined && hosts().some((host) => origin === `http://${host}`)
      if (!own) return context.text("This form is not from the dashboard.", 403)
    }
    return await next()
  })
  app.on(["GET", "HEAD"], "/assets/*", (context) => {
    const asset = files.get(context.req.path)
    if (asset === undefined) return context.text("Not found", 404)
    return context.body(asset.text, 200, { "Content-Type": asset.type, "Cache-Control": "no-cache" })
  })

  const show = (
    context: Context,
    view: View,
    status: 200 | 400 | 401 | 403 | 404 | 429 | 500 | 503,
    page: Page | null,
  ) => {
    const shown = page === null ? null : { position: page.reading.position, ageMs: Date.now() - page.reading.readAt }
    const session = sessionOf(context)
    const token = signIn.isSession(session) ? signIn.formToken(session) : null
    const frame: Frame = { service: reader.service, clock, path: context.req.path, shown, token }
    return context.body(framed(view, frame), status, { "Content-Type": "text/html; charset=UTF-8" })
  }

  // opening the link does not use it up: programs follow links before people do
  app.get("/sign-in", (context) => show(context, signInView(context.req.query("token") ?? null, null), 200, null))
  app.post("/sign-in", async (context) => {
    const form = await formOf(context)
    const result = signIn.signIn(form?.get("token") ?? "")
    switch (result.kind) {
      case "wait":
        context.header("Retry-After", String(result.seconds))
        return show(context, signInView(null, `Too many wrong links. Wait ${result.seconds} s.`), 429, null)
      case "wrong":
        return show(
          context,
          signInView(null, "This link was already used, has expired, or is not from this dashboard."),
          403,
          null,
        )
      case "session":
        setCookie(context, cookie(), result.id, {
          httpOnly: true,
          sameSite: "Strict",
          path: "/",
          maxAge: SESSION_HOURS * 3600,
        })
        return context.redirect("/", 303)
    }
  })

  reports.stored(app)
  app.use(async (context, next) => {
    if (signIn.isSession(sessionOf(context))) return await next()
    return show(context, signInView(null, null), 401, null)
  })
  app.post("/sign-out", (context) => {
    signIn.signOut(sessionOf(context))
    setCookie(context, cookie(), "", { httpOnly: true, sameSite: "Strict", path: "/", maxAge: 0 })
    return context.redirect("/sign-in", 303)
  })
  const signed = (path: string, desk: { receive: AnswerParts["receive"] }) =>
    app.post(path, async (context) => {
      const environment = part(context, "environment")
      // a browser without JavaScript sends the form itself
      if (context.req.header("content-type") !== "application/json")
        return show(context, notSignedView(environment), 400, null)
      const session = sessionOf(context)
      return await answerRequest(context, environment, {
        pages,
        receive: (...given) => desk.receive(...given),
        isToken: (token) => signIn.isFormToken(session, token),
      })
    })
  signed("/environments/:environment/requests", desk)
  signed("/environments/:environment/approvals", approvals)
  app.get("/stream", (context) => {
    const session = sessionOf(context)
    return ledgerStream(context, reader, streams, () => signIn.isSession(session), closing)
  })

  reports.links(app, sessionOf)

  const route = (path: string, read: (context: Context) => Promise<Page>) =>
    app.get(path, async (context) => {
      const { pathname, search } = new URL(context.req.url)
      const page = await recent.get(pathname + search, () => read(context))
      return show(context, page.view, page.found ? 200 : 404, page)
    })
  route("/", () => pages.overview())
  route("/pipeline", () => pages.pipeline())
  route("/pipeline/:number", (context) => pages.ciRun(part(context, "number")))
  route("/key", () => pages.key())
  route("/history", (context) => pages.history(context.req.query()))
  route("/environments/:environment", (context) => pages.environment(part(context, "environment")))
  route("/environments/:environment/run", (context) => pages.run(part(context, "environment")))
  route("/environments/:environment/difference", (context) =>
    pages.difference(part(context, "environment"), context.req.query()),
  )
  route("/environments/:environment/delivery", (context) => pages.delivery(part(context, "environment")))
  route("/environments/:environment/plans/:plan", (context) =>
    pages.plan(part(context, "environment"), part(context, "plan")),
  )
  route("/environments/:environment/releases/:release", (context) =>
    pages.release(part(context, "environment"), part(context, "release")),
  )

  app.notFound((context) => show(context, notFoundView("The dashboard has no such page."), 404, null))
  app.onError((error, context) => {
    if (error instanceof TollgateError && error.code.startsWith("ledger-")) {
      context.header("Refresh", String(AGAIN_SECONDS))
      return show(context, unreachableView(reader.state, clock), 503, null)
    }
    report(error)
    return show(context, brokenView(), 500, null)
  })
  return app
}

async function formOf(context: Context): Promise<URLSearchParams | null> {
  const length = Number(context.req.header("content-length") ?? Number.NaN)
  if (!(length <= LONGEST_FORM)) return null
  return new URLSearchParams(await context.req.text())
}
