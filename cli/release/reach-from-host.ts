import { connect } from "node:net"
import { dag, type Service } from "@dagger.io/dagger"
import { openRelay } from "../../core/release/session/relay.js"
import { addressOf, type Reach } from "../../core/targets/sandbox/reach.js"
import { freePort } from "../engine/free-port.js"

/**
 * Through the engine's tunnels, one for each connection. A shared tunnel stops working once one of its connections is written to after
 * its other end closed: https://github.com/dagger/dagger/blob/v0.21.8/engine/engineutil/client.go,
 * ListenHostToContainer.
 */
export const reachFromHost: Reach = (service, port) => reachFromHostAt(service, port, 0)

/** @param own port on this machine; 0: a free one */
export async function reachFromHostAt(
  service: Service,
  port: number,
  own: number,
): Promise<{ host: string; port: number }> {
  // the service runs for as long as somebody uses it: this one does, until the session ends
  await openTunnel(service, port)
  const relay = await openRelay(
    async () => {
      const tunnel = await openTunnel(service, port)
      const socket = connect({ ...tunnel.address, noDelay: true })
      socket.once("close", () => void tunnel.close().catch(() => undefined))
      return socket
    },
    { host: LOOPBACK, port: own },
  )
  return { host: LOOPBACK, port: relay.port }
}

const LOOPBACK = "127.0.0.1"
const ATTEMPTS = 5

/** The engine has one tunnel for all who ask for the same: what tells them apart is the port on this side. */
async function openTunnel(
  service: Service,
  port: number,
): Promise<{ address: { host: string; port: number }; close: () => Promise<unknown> }> {
  for (let attempt = 1; ; attempt += 1) {
    const frontend = await freePort()
    try {
      const tunnel = await dag
        .host()
        .tunnel(service, { ports: [{ backend: port, frontend }] })
        .start()
      return { address: addressOf(await tunnel.endpoint()), close: () => tunnel.stop() }
    } catch (error) {
      // somebody else may have been faster at that port
      if (attempt === ATTEMPTS || !/address already in use/i.test(String(error))) throw error
    }
  }
}
