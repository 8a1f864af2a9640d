import { setMaxListeners } from "node:events"
import type { Server } from "node:net"
import { serve } from "@hono/node-server"
import type { Settings } from "../../config/schema.js"
import { codeOf } from "../../database/connect/session.js"
import { TollgateError } from "../../shared/errors.js"
import { questionsTo } from "../reading/questions.js"
import { LedgerReader } from "../reading/reader.js"
import { dashboardApp } from "./app.js"
import { ApprovalDesk } from "./approval-desk.js"
import { Pages } from "./pages.js"
import { reportRoutes } from "./report-routes.js"
import { RequestDesk } from "./request-desk.js"
import { SignIn } from "./sign-in.js"

/** The loopback alone: a session's cookie must not cross a network in plain text. */
const HOST = "127.0.0.1"

export interface DashboardOptions {
  readonly settings: Settings
  /** Of the ledger's Postgres. */
  readonly ledger: string
  /** 0: any free port. */
  readonly port: number
  /** IANA name of the second zone of all times. */
  readonly zone: string
  readonly report: (error: unknown) => void
}

export interface Dashboard {
  readonly address: string
  /** A link that signs in once. */
  newLink(): string
  close(): Promise<void>
}

/** Serves the dashboard until it is closed. It starts without the ledger as well: its pages then say so. */
export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { settings, ledger, port, zone, report } = options
  const { service, patience } = settings.ledger
  const reader = new LedgerReader(ledger, service, patience)
  const signIn = new SignIn()
  const closing = new AbortController()
  // each open stream listens
  setMaxListeners(0, closing.signal)
  let hosts: string[] = []
  const clock = { zone }
  const ask = questionsTo(reader)
  const pages = new Pages(settings, ask, clock)
  const desk = new RequestDesk({ settings, url: ledger, reader, ask })
  const approvals = new ApprovalDesk({ settings, reader, ask, ledger: () => desk.ledger() })
  const app = dashboardApp({
    reader,
    reports: reportRoutes(reader, ask, signIn),
    pages,
    signIn,
    desk,
    approvals,
    clock,
    hosts: () => hosts,
    closing: closing.signal,
    report,
  })
  const server = serve({ fetch: app.fetch, hostname: HOST, port })
  const listening = await listen(server, port)
  hosts = [`${HOST}:${listening}`, `localhost:${listening}`]
  void reader.watch()
  const address = `http://${HOST}:${listening}`
  return {
    address,
    newLink: () => `${address}/sign-in?token=${signIn.newLink()}`,
    close: async () => {
      closing.abort()
      await new Promise<void>((done) => {
        server.close(() => done())
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
      await desk.close()
      await reader.close()
    },
  }
}

function listen(server: Pick<Server, "once" | "address">, wanted: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once("error", (error: Error) =>
      failed(
        codeOf(error) === "EADDRINUSE"
          ? new TollgateError(
              "dashboard-port",
              `Port ${wanted} of this machine is in use.`,
              "Choose another one, such as --port=8090, or --port=0 for any free port.",
            )
          : error,
      ),
    )
    server.once("listening", () => {
      const address = server.address()
      if (address === null || typeof address === "string") failed(new RangeError("a server that listens has a port"))
      else done(address.port)
    })
  })
}
