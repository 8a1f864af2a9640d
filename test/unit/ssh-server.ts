import { execFileSync, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import ssh2, { type Connection } from "ssh2"
import { onLoopback } from "../loopback.js"

export interface SshServer {
  port: number
  /** Of its host key, for a known_hosts file. */
  hostKey: string
  /** How many connections it has made for others. */
  forwarded: () => number
  close: () => void
}

/** An SSH server of this machine's loopback that lets in clients that sign with one of the keys, and runs commands by bash, behind what its .bashrc would do. */
export async function sshServer(folder: string, authorized: readonly string[], bashrc = "true"): Promise<SshServer> {
  const file = join(folder, "host")
  execFileSync("sh", ["-c", `[ -e "$0" ] || ssh-keygen -q -t ed25519 -N '' -f "$0"`, file])
  const keys = authorized
    .map((line) => ssh2.utils.parseKey(line))
    .flatMap((one) => (one instanceof Error ? [] : [one]))
    .flat()
  let forwarded = 0
  const server = new ssh2.Server({ hostKeys: [readFileSync(file)] }, (client) => serve(client))
  const serve = (client: Connection) => {
    client.on("error", () => undefined)
    client.on("authentication", (context) => {
      if (context.method !== "publickey") return context.reject(["publickey"])
      const key = keys.find((one) => one.getPublicSSH().equals(context.key.data))
      if (key === undefined) return context.reject(["publickey"])
      const { signature, blob } = context
      if (signature === undefined || blob === undefined) return context.accept()
      return key.verify(blob, signature, context.hashAlgo) === true ? context.accept() : context.reject(["publickey"])
    })
    client.on("tcpip", (accept, _, { destIP, destPort }) => {
      forwarded++
      const channel = accept()
      const socket = connect(destPort, destIP)
      socket.on("error", () => channel.close())
      channel.on("error", () => undefined)
      socket.pipe(channel).pipe(socket)
    })
    client.on("session", (accept) =>
      accept().on("exec", (take, _, { command }) => {
        const channel = take()
        const child = spawn("bash", ["-c", `${bashrc}\n${command}`])
        child.stdout.on("data", (chunk: Buffer) => channel.write(chunk))
        child.stderr.on("data", (chunk: Buffer) => channel.stderr.write(chunk))
        child.stdin.on("error", () => undefined)
        channel.pipe(child.stdin)
        child.once("close", (code) => {
          channel.exit(code ?? 1)
          channel.end()
        })
      }),
    )
  }
  const port = await onLoopback(server)
  const hostKey = readFileSync(`${file}.pub`, "utf8").split(" ").slice(0, 2).join(" ")
  return { port, hostKey, forwarded: () => forwarded, close: () => void server.close() }
}
