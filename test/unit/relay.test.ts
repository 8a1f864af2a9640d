import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { Duplex } from "node:stream"
import { afterEach, expect, test } from "vitest"
import { openRelay, type Relay } from "../../core/release/session/relay.js"
import { deferred } from "../../core/shared/deferred.js"
import { onLoopback } from "../loopback.js"

let server: Server
let relay: Relay

/** A relay to a server that does this with each connection. */
async function to(serve: (socket: Socket) => void): Promise<Socket> {
  server = createServer((socket) => {
    socket.on("error", () => undefined)
    serve(socket)
  })
  const port = await onLoopback(server)
  relay = await openRelay(() => Promise.resolve(connect(port, "127.0.0.1")))
  return connect(relay.port, "127.0.0.1")
}

afterEach(async () => {
  await relay.close()
  server.close()
})

test("an answer arrives whole, although its sender is gone before a slow reader has taken it", async () => {
  const size = 16 << 20
  const onward = new Duplex({ read: () => undefined, write: (_block, _encoding, done) => done(), allowHalfOpen: false })
  server = createServer()
  relay = await openRelay(() => Promise.resolve(onward))
  const client = connect(relay.port, "127.0.0.1")
  onward.push(Buffer.alloc(size, 1))
  onward.push(null)
  await once(onward, "close")
  let read = 0
  client.on("data", (block: Buffer) => (read += block.length))
  await once(client, "close")
  expect(read).toBe(size)
})

test("what a client said last arrives, although it has hung up", async () => {
  const size = 16 << 20
  const all = deferred<number>()
  const client = await to((socket) => {
    let read = 0
    socket.pause()
    socket.on("data", (block: Buffer) => (read += block.length))
    socket.on("end", () => all.resolve(read))
    setTimeout(() => socket.resume(), 300)
  })
  client.end(Buffer.alloc(size, 1))
  expect(await all.promise).toBe(size)
})

test("a connection whose other half is cut ends, and the next one is made", async () => {
  const client = await to((socket) => void socket.write("here"))
  await once(client, "data")
  relay.cut()
  await once(client, "close")
  const next = connect(relay.port, "127.0.0.1")
  expect(String((await once(next, "data"))[0])).toBe("here")
  next.destroy()
})

test("a next hop that is unreachable ends the connection", async () => {
  server = createServer()
  relay = await openRelay(() => Promise.reject(new Error("nothing there")))
  const client = connect(relay.port, "127.0.0.1")
  await once(client, "close")
})
