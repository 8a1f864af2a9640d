import { createServer, type Socket } from "node:net"
import type { Duplex } from "node:stream"

/** A port of this process, each connection to which is led on to somewhere else. */
export interface Relay {
  readonly port: number
  /** Ends every connection that goes over it. */
  cut(): void
  close(): Promise<void>
}

/**
 * @param dial the way on; when it cannot be had, the connection is ended
 * @param at where it listens; port 0: a free one
 */
export async function openRelay(dial: () => Promise<Duplex>, at: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 }): Promise<Relay> {
  const sockets = new Set<Socket>()
  // without delay: what goes through are small questions and answers, each of which would wait for an acknowledgement
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
  // it must not keep the process alive when everything else is done
  server.unref()
  const cut = () => sockets.forEach((socket) => socket.destroy())
  return {
    port: address.port,
    cut,
    close: () => {
      cut()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

/** Whichever ends takes the other one with it: tunnels keep connections half open that nobody uses any more. */
function join(socket: Duplex, onward: Duplex): void {
  for (const [one, other] of [[socket, onward], [onward, socket]] as const) {
    one.on("error", () => other.destroy())
    one.on("close", () => endSoon(other))
  }
  if (socket.destroyed) return void onward.destroy()
  socket.pipe(onward).pipe(socket)
}

/** What was said last still gets through: an answer's sender may be gone before its reader has taken all of it. */
function endSoon(stream: Duplex): void {
  if (stream.destroyed) return
  stream.end()
  if (stream.writableFinished) stream.destroy()
  else stream.once("finish", () => stream.destroy())
}
