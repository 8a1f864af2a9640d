import { connect } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { serviceEnd, serviceState } from "./service-state.js"

/** A service started for this test: its health check, and the port of its supervisor. */
export interface OwnService {
  healthPath: string
  /** Seconds until it must be healthy, and for the commands that run before it. */
  startTimeout: number
  beforeTimeout: number
  statePort: number
}

/** Why the service cannot be loaded; null when it can. */
export async function whyUnreachable(baseUrl: string, service: OwnService | null): Promise<string | null> {
  return service === null ? await whyNoConnection(baseUrl) : await whyNotReady(baseUrl, service)
}

async function whyNotReady(baseUrl: string, service: OwnService): Promise<string | null> {
  const { healthPath, startTimeout, beforeTimeout, statePort } = service
  const begun = Date.now()
  for (let started: number | null = null; ; await pause(100)) {
    const failed = await serviceState(baseUrl, statePort, "before-failed")
    if (failed !== null) return `a command of image.before or load.before exited ${failed.trim().split(" ").at(-1)}`
    if (started === null) {
      if ((await serviceState(baseUrl, statePort, "started")) !== null) started = Date.now()
      else if (Date.now() - begun > beforeTimeout * 1000)
        return `the commands of image.before and load.before took longer than ${beforeTimeout} s`
      continue
    }
    const why = await whyUnhealthy(baseUrl + healthPath)
    if (why === null) return null
    const end = await serviceEnd(baseUrl, statePort)
    if (end !== null) return `the service exited ${end.code} before it was ready`
    if (Date.now() - started > startTimeout * 1000)
      return `${healthPath} did not answer 2xx within ${startTimeout} s: ${why}`
  }
}

async function whyUnhealthy(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) })
    await answer.arrayBuffer()
    return answer.ok ? null : `it answered ${answer.status}`
  } catch (error) {
    return messageOf(error)
  }
}

/** For a deployed service only the connection is checked, since its health path is not known. */
async function whyNoConnection(baseUrl: string): Promise<string | null> {
  const { hostname, port, protocol } = new URL(baseUrl)
  return await new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || (protocol === "https:" ? 443 : 80),
      timeout: 10_000,
    })
    const end = (why: string | null): void => {
      socket.destroy()
      resolve(why)
    }
    socket.once("connect", () => end(null))
    socket.once("timeout", () => end("no connection within 10 s"))
    socket.once("error", (error) => end(messageOf(error)))
  })
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return messageOf(error.cause)
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error.message || error.name
}
