import { once } from "node:events"
import { connect } from "node:net"
import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import { useEngine } from "../engine/session.js"

useEngine()

/** Answers a line with itself; at `break` it resets the connection, as a host does that loses its power. */
const SERVER = `
import socket, struct, threading

def serve(connection):
    line = connection.makefile().readline()
    if line == "break\\n":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        connection.sendall(line.encode())
    connection.close()

server = socket.create_server(("", 7000), backlog=50)
while True:
    threading.Thread(target=serve, args=server.accept()[:1]).start()
`

test("a connection that breaks while it is written to takes no other one with it", async () => {
  const service = dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/server.py", SERVER)
    .withExposedPort(7000)
    .asService({ args: ["python3", "/server.py"] })
  const at = await reachFromHost(service, 7000)
  for (let time = 0; time < 5; time += 1) {
    const broken = connect(at).on("error", () => undefined)
    broken.write("break\n")
    const writing = setInterval(() => broken.write("and on\n"), 2)
    await Promise.race([once(broken, "close"), new Promise((done) => setTimeout(done, 500))])
    clearInterval(writing)
    broken.destroy()

    const next = connect(at)
    next.write(`line ${time}\n`)
    expect(String((await once(next, "data", { signal: AbortSignal.timeout(20_000) }))[0])).toBe(`line ${time}\n`)
    next.destroy()
  }
})
