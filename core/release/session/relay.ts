import { createServer, type Socket } from "node:net"
import type { Duplex } from "node:stream"

/** A local port that forwards each connection. */
export interface Relay {
  readonly port: number
  /** Closes every connection. */
  cut(): void
  close(): Promise<void>
}

/**
 * @param dial opens the onward connection; if it fails, the incoming one is closed
 * @param at listening address; port 0: any free port
 */
export async function openRelay(
  dial: () => Promise<Duplex>,
  at: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 },
): Promise<Relay> {
  const sockets = new Set<Socket>()
  // no delay: small requests and answers would each wait for an acknowledgement
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => socket.destroy())
    void dial().then(
      (onward) => join(socket, onward),
      () => socket.destroy(),
    )
  })
  await new Promise<void>((opened, failed) => {
    server.once("error", failed)
    server.listen(at.port, at.host, opened)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new RangeError("a server that listens has a port")
  // does not keep the process alive
  server.unref()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    cut,
    close: () => {
      cut()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

/** Either end closes the other: tunnels leave half-open connections behind. */
function join(socket: Duplex, onward: Duplex): void {
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    one.on("error", () => other.destroy())
    one.on("close", () => endSoon(other))
  }
  if (socket.destroyed) return void onward.destroy()
  socket.pipe(onward).pipe(socket)
}

/** Lets the last bytes through: the sender may close before the reader has read everything. */
function endSoon(stream: Duplex): void {
  if (stream.destroyed) return
  stream.end()
  if (stream.writableFinished) stream.destroy()
  else stream.once("finish", () => stream.destroy())
}
