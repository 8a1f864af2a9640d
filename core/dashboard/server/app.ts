import { type Context, Hono } from "hono"
import { TollgateError } from "../../shared/errors.js"
import { type OidcParts, oidcRoutes } from "../oidc/routes.js"
import type { LedgerReader } from "../reading/reader.js"
import { type Frame, framed, type View } from "../view/frame.js"
import {
  brokenView,
  notExportedView,
  notFoundView,
  notSignedView,
  signInView,
  unreachableView,
} from "../view/messages.js"
import { oidcSignInView } from "../view/oidc.js"
import type { Clock } from "../view/time.js"
import type { Address } from "./address.js"
import { type AnswerParts, answerRequest } from "./answer-request.js"
import type { ApprovalDesk } from "./approval-desk.js"
import { assets } from "./assets.js"
import type { AuditDownload } from "./audit-download.js"
import { ownCookie } from "./cookies.js"
import type { CurrentSettings } from "./current-settings.js"
import { guard } from "./guard.js"
import { linkRoutes } from "./link-routes.js"
import type { Page, Pages } from "./pages.js"
import { RecentPages } from "./recent-pages.js"
import type { ReportRoutes } from "./report-routes.js"
import type { RequestDesk } from "./request-desk.js"
import type { SignIn } from "./sign-in.js"
import type { SignedDesk } from "./signed-desk.js"
import { ledgerStream, type Streams } from "./stream.js"

/** Seconds after which a browser without scripts reloads the page of an unreachable ledger. */
const AGAIN_SECONDS = 5

export interface AppParts {
  readonly reader: LedgerReader
  readonly reports: ReportRoutes
  readonly audit: AuditDownload
  readonly pages: Pages
  readonly current: CurrentSettings
  readonly signIn: SignIn
  readonly desk: RequestDesk
  readonly approvals: ApprovalDesk
  readonly reviews: SignedDesk
  readonly policies: SignedDesk
  readonly clock: Clock
  /** Known once it listens. */
  readonly address: () => Address
  /** Ends the streams. */
  readonly closing: AbortSignal
  /** Where errors are printed that are bugs, or that its operators should know of. */
  readonly report: (error: unknown) => void
  /** Sign-in by a provider; null: by links alone. */
  readonly oidc: OidcParts | null
  /** Sign-in by links. */
  readonly links: boolean
}

export function dashboardApp({
  reader,
  reports,
  audit,
  pages,
  current,
  signIn,
  desk,
  approvals,
  reviews,
  policies,
  clock,
  address,
  closing,
  report,
  oidc,
  links,
}: AppParts): Hono {
  const app = new Hono()
  const files = assets()
  const streams: Streams = { open: 0 }
  const recent = new RecentPages(reader)
  const part = (context: Context, name: string) => context.req.param(name) ?? ""
  const session = ownCookie(address, "", "Strict")

  reports.headers(app)
  guard(app, address)
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
    const id = session.read(context)
    const token = signIn.isSession(id) ? signIn.formToken(id) : null
    const person = signIn.personOf(id)
    const { invalid } = current
    const frame: Frame = { service: reader.service, clock, path: context.req.path, shown, token, person, invalid }
    return context.body(framed(view, frame), status, { "Content-Type": "text/html; charset=UTF-8" })
  }

  const signInPage = (context: Context) => {
    const to = context.req.path === "/sign-in" ? "/" : context.req.path + new URL(context.req.url).search
    const token = links ? (context.req.query("token") ?? null) : null
    return oidc === null || token !== null ? signInView(token, null) : oidcSignInView(oidc.provider.name, to, links)
  }
  app.get("/sign-in", (context) => show(context, signInPage(context), 200, null))
  if (links) linkRoutes(app, { signIn, session, show: (context, view, status) => show(context, view, status, null) })
  if (oidc !== null)
    oidcRoutes(app, {
      ...oidc,
      signIn,
      session,
      address,
      report,
      show: (context, view, status) => show(context, view, status, null),
    })

  reports.stored(app)
  app.use(async (context, next) => {
    if (signIn.isSession(session.read(context))) return await next()
    return show(context, signInPage(context), 401, null)
  })
  app.post("/sign-out", (context) => {
    signIn.signOut(session.read(context))
    session.write(context, "", 0)
    return context.redirect("/sign-in", 303)
  })
  const signed = (path: string, desk: { receive: AnswerParts["receive"] }) =>
    app.post(path, async (context) => {
      const environment = part(context, "environment")
      // a browser without JavaScript sends the form itself
      if (context.req.header("content-type") !== "application/json")
        return show(context, notSignedView(environment), 400, null)
      const id = session.read(context)
      return await answerRequest(context, environment, {
        pages,
        receive: (...given) => desk.receive(...given),
        isToken: (token) => signIn.isFormToken(id, token),
      })
    })
  signed("/environments/:environment/requests", desk)
  signed("/environments/:environment/approvals", approvals)
  signed("/environments/:environment/reviews", reviews)
  signed("/environments/:environment/policies", policies)
  app.get("/stream", (context) => {
    const id = session.read(context)
    return ledgerStream(context, reader, streams, () => signIn.isSession(id), closing)
  })

  app.get("/audit", async (context) => (await audit.answer(context)) ?? context.notFound())
  reports.links(app, (context) => session.read(context))

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
  route("/environments/:environment/run", (context) => pages.run(part(context, "environment"), context.req.query()))
  route("/environments/:environment/difference", (context) =>
    pages.difference(part(context, "environment"), context.req.query()),
  )
  route("/environments/:environment/policy", (context) => pages.policy(part(context, "environment")))
  route("/environments/:environment/delivery", (context) => pages.delivery(part(context, "environment")))
  route("/environments/:environment/plans/:plan", (context) =>
    pages.plan(part(context, "environment"), part(context, "plan")),
  )
  route("/environments/:environment/releases/:release", (context) =>
    pages.release(part(context, "environment"), part(context, "release"), context.req.query()),
  )

  app.notFound((context) => show(context, notFoundView("The dashboard has no such page."), 404, null))
  app.onError((error, context) => {
    if (error instanceof TollgateError && error.code.startsWith("ledger-")) {
      context.header("Refresh", String(AGAIN_SECONDS))
      return show(context, unreachableView(reader.state, clock), 503, null)
    }
    if (error instanceof TollgateError && error.code.startsWith("audit-"))
      return show(context, notExportedView(error.message), 400, null)
    report(error)
    return show(context, brokenView(), 500, null)
  })
  return app
}
