import { createServer, type Socket } from "node:net"
import { parseAddress } from "../database/address.js"
import { openSession, type Session } from "../database/session.js"
import type { Target } from "./target/target.js"

export interface Forward {
  port: number
  close(): Promise<void>
}

/** A port of this process's own loopback that leads to where only the target can reach. */
export async function forwardTo(target: Target, host: string, port: number): Promise<Forward> {
  const sockets = new Set<Socket>()
  // without delay: what goes through are small questions and answers
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    // a client that has gone away takes its other half with it, and the other way round
    socket.on("error", () => socket.destroy())
    void target.dial(host, port).then(
      (remote) => {
        remote.on("error", () => socket.destroy())
        remote.on("close", () => socket.destroy())
        socket.on("close", () => remote.destroy())
        socket.pipe(remote).pipe(socket)
      },
      () => socket.destroy(),
    )
  })
  await new Promise<void>((opened, failed) => {
    server.once("error", failed)
    server.listen(0, "127.0.0.1", opened)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new RangeError("a server that listens has a port")
  // it must not keep the process alive when everything else is done
  server.unref()
  return {
    port: address.port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

/**
 * A session with a database by the name that the service itself has for it.
 *
 * @param variable the name the URL was given under, for errors
 */
export async function throughTarget<T>(target: Target, url: string, variable: string, work: (session: Session) => Promise<T>): Promise<T> {
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
