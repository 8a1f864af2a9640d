import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"
import { SMTPServer } from "smtp-server"
import { afterEach } from "vitest"

export interface Received {
  body: string
  headers: IncomingHttpHeaders
  url: string
  at: number
}

export interface HttpServer {
  url: string
  received: Received[]
}

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

type Answer = { status: number; headers?: Record<string, string> } | "silence"

/** A receiver of webhooks. Answers one after the other, the last one again and again. */
export async function httpServer(...answers: Answer[]): Promise<HttpServer> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      received.push({
        body: Buffer.concat(parts).toString(),
        headers: request.headers,
        url: request.url ?? "",
        at: performance.now(),
      })
      const answer = answers[Math.min(received.length, answers.length) - 1] ?? { status: 200 }
      if (answer !== "silence") response.writeHead(answer.status, answer.headers).end("ok")
    })
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  open.push(
    () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${portOf(server.address())}/services/T000/B000/webhook-secret-word`, received }
}

export interface MailServer {
  port: number
  mails: string[]
  /** Times that somebody began to hand in a mail. */
  attempts: number
}

interface MailOptions {
  /** Codes that mails are refused with, one after the other; then they are taken. */
  refuse?: number[]
  user?: string
  password?: string
  tls?: boolean
}

export async function mailServer({ refuse = [], user, password, tls = false }: MailOptions = {}): Promise<MailServer> {
  const state: MailServer = { port: 0, mails: [], attempts: 0 }
  const server = new SMTPServer({
    authOptional: user === undefined,
    allowInsecureAuth: true,
    disabledCommands: tls ? [] : ["STARTTLS"],
    onAuth: (given, _, done) =>
      given.username === user && given.password === password ? done(null, { user: user ?? "" }) : done(new Error("no")),
    onData: (stream, _, done) => {
      let text = ""
      stream.on("data", (part: Buffer) => (text += part.toString()))
      stream.on("end", () => {
        state.attempts += 1
        const code = refuse.shift()
        if (code !== undefined)
          return done(Object.assign(new Error("not now, smtp-secret-word"), { responseCode: code }))
        state.mails.push(text)
        done()
      })
    },
  })
  server.on("error", () => undefined)
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()))
  state.port = portOf(server.server.address())
  open.push(() => new Promise((closed) => server.close(() => closed())))
  return state
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const port = portOf(server.address())
  await new Promise((closed) => server.close(closed))
  return port
}
