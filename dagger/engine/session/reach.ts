import { connect } from "node:net"

const attemptMs = 5_000
const pauseMs = 250

/** Where a runner can be connected to without knowing its protocol; undefined for those that the CLI alone can reach. */
export function addressOf(runner: string | undefined): { path: string } | { host: string; port: number } | undefined {
  if (runner === undefined) return undefined
  const path = /^unix:\/\/(\/.+)$/.exec(runner)?.[1]
  if (path !== undefined) return { path }
  const [, host, port] = /^tcp:\/\/(\[[^\]]+\]|[^:/]+):(\d+)\/?$/.exec(runner) ?? []
  return host === undefined ? undefined : { host: host.replace(/^\[|\]$/g, ""), port: Number(port) }
}

/** Why nothing listens there; undefined once a connection came about. One that is just starting is given time. */
export async function whyUnreachable(
  address: { path: string } | { host: string; port: number },
  forMs: number,
): Promise<string | undefined> {
  const deadline = Date.now() + forMs
  for (;;) {
    const why = await attempt(address)
    if (why === undefined || Date.now() + pauseMs > deadline) return why
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

function attempt(address: { path: string } | { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address)
    const finish = (why: string | undefined) => {
      socket.destroy()
      resolve(why)
    }
    socket.setTimeout(attemptMs, () => finish(`no connection within ${attemptMs / 1000} s`))
    socket.once("connect", () => finish(undefined))
    // several addresses of one name: each failed
    socket.once("error", (error) =>
      finish(error instanceof AggregateError ? error.errors.map(String).join("; ") : error.message),
    )
  })
}
