import { setMaxListeners } from "node:events"
import type { Server } from "node:net"
import { type ServerType, serve } from "@hono/node-server"
import type { Settings } from "../../config/schema.js"
import { codeOf } from "../../database/connect/session.js"
import { TollgateError } from "../../shared/errors.js"
import { Attempts } from "../oidc/attempts.js"
import type { OidcParts } from "../oidc/routes.js"
import type { OidcSettings } from "../oidc/settings.js"
import { questionsTo } from "../reading/questions.js"
import { LedgerReader } from "../reading/reader.js"
import { addressOf, type Place } from "./address.js"
import { dashboardApp } from "./app.js"
import { ApprovalDesk } from "./approval-desk.js"
import { AuditDownload } from "./audit-download.js"
import { fixedSettings, SettingsFile } from "./current-settings.js"
import { Pages } from "./pages.js"
import { reportRoutes } from "./report-routes.js"
import { RequestDesk } from "./request-desk.js"
import { SignIn } from "./sign-in.js"
import { policyDesk, reviewDesk } from "./signed-desk.js"

/** Time for answers that are on their way when it closes. */
const ORDERLY_MS = 3000

export interface DashboardOptions {
  readonly settings: Settings
  /** The file that they are from, which is read again when it changes; left out: they stay. */
  readonly file?: string
  /** Of the ledger's Postgres. */
  readonly ledger: string
  readonly place: Place
  /** Sign-in by OIDC; null: by links alone. */
  readonly oidc: OidcSettings | null
  /** Sign-in by links. */
  readonly links: boolean
  /** IANA name of the second zone of all times. */
  readonly zone: string
  readonly report: (error: unknown) => void
}

export interface Dashboard {
  /** Where people open it. */
  readonly address: string
  /** On which it listens. */
  readonly port: number
  /** A link that signs in once, where links are taken. */
  newLink(): string
  close(): Promise<void>
}

/** Serves the dashboard until it is closed. It starts without the ledger as well: its pages then say so. */
export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { settings, ledger, place, oidc, links, zone, report } = options
  const signsIn = oidc === null ? null : await signInBy(oidc)
  const { service, patience } = settings.ledger
  const reader = new LedgerReader(ledger, service, patience)
  const signIn = new SignIn()
  const closing = new AbortController()
  // each open stream listens
  setMaxListeners(0, closing.signal)
  let address = addressOf(place, place.port)
  const clock = { zone }
  const ask = questionsTo(reader)
  const current = options.file === undefined ? fixedSettings(settings) : new SettingsFile(options.file, settings)
  const pages = new Pages(current, ask, clock)
  const desk = new RequestDesk({ current, url: ledger, reader, ask })
  const signing = { current, reader, ask, ledger: () => desk.ledger() }
  const app = dashboardApp({
    reader,
    reports: reportRoutes(reader, ask, signIn),
    audit: new AuditDownload({
      service,
      has: (environment) => pages.has(environment),
      latest: () => (reader.state.kind === "online" ? reader.state.position.number : 0),
      ledger: () => desk.ledger(),
    }),
    pages,
    current,
    signIn,
    desk,
    approvals: new ApprovalDesk(signing),
    reviews: reviewDesk(signing),
    policies: policyDesk(signing),
    clock,
    address: () => address,
    closing: closing.signal,
    report,
    oidc: signsIn,
    links,
  })
  const server = serve({ fetch: app.fetch, hostname: place.host, port: place.port })
  const port = await listen(server, place)
  address = addressOf(place, port)
  void reader.watch()
  return {
    address: address.origin,
    port,
    newLink: () => `${address.origin}/sign-in?token=${signIn.newLink()}`,
    close: async () => {
      closing.abort()
      await end(server)
      await desk.close()
      await reader.close()
    },
  }
}

/** The library of OIDC is loaded by nothing else. */
async function signInBy(oidc: OidcSettings): Promise<OidcParts> {
  const { openProvider } = await import("../oidc/provider.js")
  return { provider: await openProvider(oidc), rules: oidc.rules, attempts: new Attempts() }
}

/** Answers that are on their way are sent; a connection that only waits is not waited for. */
async function end(server: ServerType): Promise<void> {
  if (!("closeAllConnections" in server)) throw new RangeError("the dashboard's server is of HTTP/1")
  const late = setTimeout(() => server.closeAllConnections(), ORDERLY_MS)
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise<void>((done) => void server.close(() => done()))
  clearTimeout(late)
  clearInterval(idle)
}

function listen(server: Pick<Server, "once" | "address">, { host, port: wanted }: Place): Promise<number> {
  return new Promise((done, failed) => {
    server.once("error", (error: Error) => failed(listenError(error, host, wanted)))
    server.once("listening", () => {
      const address = server.address()
      if (address === null || typeof address === "string") failed(new RangeError("a server that listens has a port"))
      else done(address.port)
    })
  })
}

function listenError(error: Error, host: string, port: number): Error {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return new TollgateError(
        "dashboard-port",
        `Port ${port} of this machine is in use.`,
        "Choose another one, such as --port=8090, or --port=0 for any free port.",
      )
    case "EACCES":
      return new TollgateError(
        "dashboard-port",
        `This user may not listen on port ${port}.`,
        "Choose one above 1023, such as --port=8070, and let the proxy in front of it have the other.",
      )
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new TollgateError(
        "dashboard-host",
        `--host is not an address of this machine: ${host}`,
        "Pass one that it has, or --host=0.0.0.0 for all.",
      )
    default:
      return error
  }
}
