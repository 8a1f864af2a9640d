import { readFileSync } from "node:fs"

/** State of a service from its supervisor, core/image/container/supervise.sh. */

const TAIL = 4000

export interface ServiceEnd {
  code: number
  /** Milliseconds of the epoch. */
  at: number
}

/** A file of the supervisor; null while it does not exist. */
export async function serviceState(baseUrl: string, port: number, name: string): Promise<string | null> {
  try {
    const answer = await fetch(`http://${new URL(baseUrl).hostname}:${port}/${name}`, {
      signal: AbortSignal.timeout(10_000),
    })
    const text = await answer.text()
    return answer.ok ? text : null
  } catch {
    return null
  }
}

export async function serviceEnd(baseUrl: string, port: number): Promise<ServiceEnd | null> {
  const [code, uptime] = (await serviceState(baseUrl, port, "exit"))?.trim().split(" ") ?? []
  if (code === undefined || uptime === undefined) return null
  // both containers run on one machine and share its uptime clock
  const now = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0])
  return { code: Number(code), at: Date.now() - (now - Number(uptime)) * 1000 }
}

export async function serviceOutput(baseUrl: string, port: number): Promise<string> {
  return (await serviceState(baseUrl, port, "output"))?.slice(-TAIL) ?? ""
}
