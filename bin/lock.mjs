// One lock per name, held by the kernel: the owner listens on a socket. It cannot outlive its owner, whatever ended it, so
// there is no such thing as a stale lock on Linux (abstract sockets). Elsewhere the socket is a file, and one that nobody
// answers on is taken over. Who waits asks the owner who it is.
import { createHash } from "node:crypto"
import { rmSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * @param {string} name
 * @param {string} purpose what the owner does, told to those who wait
 * @param {(owner: { pid: number, purpose: string, since: string }) => void} onWait called once per owner waited for
 * @returns {Promise<() => Promise<void>>} ends the lock
 */
export async function lock(name, purpose, onWait) {
  const id = createHash("sha256")
    .update(`${process.getuid?.() ?? 0}:${name}`)
    .digest("hex")
    .slice(0, 24)
  const address = process.platform === "linux" ? `\0tollgate-${id}` : join(tmpdir(), `tollgate-${id}.sock`)
  const greeting = JSON.stringify({ pid: process.pid, purpose, since: new Date().toISOString() })
  for (;;) {
    const server = await listen(address, greeting)
    if (server) {
      server.unref()
      return () => server.end()
    }
    const gone = await waitForOwner(address, onWait)
    if (gone === "refused" && process.platform !== "linux") rmSync(address, { force: true })
  }
}

function listen(address, greeting) {
  return new Promise((resolve, reject) => {
    const waiting = new Set()
    const server = createServer((socket) => {
      waiting.add(socket)
      socket.unref()
      socket.on("error", () => {})
      socket.on("close", () => waiting.delete(socket))
      socket.write(`${greeting}\n`)
    })
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)))
    server.listen(address, () =>
      resolve({
        unref: () => server.unref(),
        end: () =>
          new Promise((done) => {
            server.close(() => done())
            for (const socket of waiting) socket.destroy()
          }),
      }),
    )
  })
}

function waitForOwner(address, onWait) {
  return new Promise((resolve) => {
    const socket = connect(address)
    let said = ""
    socket.setEncoding("utf8")
    socket.on("data", (text) => {
      said += text
      if (!said.endsWith("\n")) return
      try {
        onWait(JSON.parse(said))
      } catch {
        // an owner that cannot introduce itself is waited for all the same
      }
    })
    socket.on("error", (error) => {
      // between two owners: look again shortly, without spinning
      setTimeout(() => resolve(error.code === "ECONNREFUSED" ? "refused" : "error"), 50)
    })
    socket.on("close", (hadError) => {
      if (!hadError) resolve("ended")
    })
  })
}
