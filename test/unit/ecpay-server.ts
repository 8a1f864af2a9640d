import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http"
import { createServer as createHttpsServer } from "node:https"
import { createServer as createTcpServer, type Server, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"
import { checkMacValue, type Field } from "../../core/ecpay/mac.js"
import { onLoopback } from "../loopback.js"

/** Servers on the loopback that answer in ECPay's place, and a repository whose tollgate.yaml names one. */

export const stage = { merchantId: "3002607", hashKey: "pwFHCqoQZGmho4w6", hashIv: "EkRm7iFT261dpevs" }
export const stageSecrets = `ECPAY_MERCHANT_ID=${stage.merchantId}\nECPAY_HASH_KEY=${stage.hashKey}\nECPAY_HASH_IV=${stage.hashIv}\n`

export async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined)))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return await onLoopback(server)
}

export async function httpServer(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createHttpServer(answer))}`
}

export async function httpsServer(
  certificate: { key: Buffer; cert: Buffer },
  answer: RequestListener,
): Promise<string> {
  return `https://localhost:${await listening(createHttpsServer(certificate, answer))}`
}

export async function tcpServer(answer: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listening(createTcpServer(answer))}`
}

export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ""
  for await (const chunk of request) body += String(chunk)
  return new URLSearchParams(body)
}

/** What ECPay answers to a query for an order that never was. */
export async function answerAsEcpay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = await formOf(request)
  const fields: Field[] = [
    ["HandlingCharge", "0"],
    ["ItemName", ""],
    ["MerchantID", form.get("MerchantID") ?? ""],
    ["MerchantTradeNo", form.get("MerchantTradeNo") ?? ""],
    ["TradeAmt", "0"],
    ["TradeStatus", "10200047"],
  ]
  response.setHeader("content-type", "text/html; charset=utf-8")
  response.end(
    [...fields, ["CheckMacValue", checkMacValue(fields, stage)]].map(([name, value]) => `${name}=${value}`).join("&"),
  )
}

/** A folder with a tollgate.yaml that has this environment. */
export function repository(environments: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-environments-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(
    join(folder, "tollgate.yaml"),
    `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: ${environments}\n`,
  )
  return folder
}

export interface Ran {
  code: number | null
  out: string
  err: string
}

const launcher = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))

/** The command itself, in a folder, as a user runs it. */
export async function tollgate(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(process.execPath, [launcher, ...args], { cwd, env: { ...process.env, ...env } })
  let [out, err] = ["", ""]
  child.stdout.on("data", (text) => (out += text))
  child.stderr.on("data", (text) => (err += text))
  const [code] = await once(child, "close")
  return { code: typeof code === "number" ? code : null, out, err }
}
