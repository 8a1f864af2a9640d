import { parseAddress } from "../../database/connect/address.js"
import { openSession, type Session } from "../../database/connect/session.js"
import type { Target } from "../../targets/target.js"
import { openRelay, type Relay } from "./relay.js"

/** Forwards a local port to an address that only the target can reach. */
export async function forwardTo(target: Target, host: string, port: number): Promise<Relay> {
  return await openRelay(() => target.dial(host, port))
}

/**
 * Connects to a database by the host name that the service itself uses.
 *
 * @param variable name of the URL's variable, for errors
 */
export async function throughTarget<T>(
  target: Target,
  url: string,
  variable: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const address = parseAddress(url, variable)
  const forward = await forwardTo(target, address.host, address.port)
  try {
    const session = await openSession({ ...address, host: "127.0.0.1", port: forward.port }, "tollgate monitor")
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  } finally {
    await forward.close()
  }
}
