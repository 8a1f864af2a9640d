import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createConnection, createServer, type Server, type Socket } from "node:net"
import { networkInterfaces, tmpdir } from "node:os"
import { join } from "node:path"
import { currentHome } from "../../cli/engine/connect.js"
import { freePort } from "../../cli/engine/free-port.js"
import { contentKey } from "../../dagger/engine/content-key.js"
import { buildGo } from "../../dagger/engine/go-build.js"

const SOURCE = new URL("s3-server/", import.meta.url).pathname

/**
 * A real S3 server (Versity's gateway) as a child process of the test: it verifies every signature, and its objects are plain files that
 * the test can damage. Built once for each version, as the engine's own programs are.
 */
export class S3Server {
  static readonly keyId = "test-key-of-the-storage"
  /** Looks like what secret keys look like. */
  static readonly secret = "s3cr3t/of+the/storage=1"

  readonly port: number
  readonly #program: string
  readonly #folder: string
  #process: ChildProcess | null = null

  private constructor(port: number, program: string, folder: string) {
    this.port = port
    this.#program = program
    this.#folder = folder
  }

  static async start(): Promise<S3Server> {
    const built = await buildGo(currentHome(), {
      part: { name: "test-s3-server", key: contentKey([], [SOURCE]) },
      source: SOURCE,
      packages: ["github.com/versity/versitygw/cmd/versitygw"],
      options: ["-ldflags", "-s -w"],
    })
    const server = new S3Server(
      await freePort(),
      join(built, "versitygw"),
      mkdtempSync(join(tmpdir(), "tollgate-test-s3-")),
    )
    mkdirSync(server.bucket("backups"))
    await server.resume()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The bucket's folder on this machine. */
  bucket(name: string): string {
    return join(this.#folder, name)
  }

  /** Files of the bucket, and parts of uploads that are not finished. */
  files(bucket = "backups"): string[] {
    return readdirSync(this.bucket(bucket), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.bucket(bucket).length + 1))
  }

  async resume(): Promise<void> {
    const child = spawn(
      this.#program,
      ["--port", `127.0.0.1:${this.port}`, "--region", "eu-test-1", "posix", this.#folder],
      {
        env: { ROOT_ACCESS_KEY: S3Server.keyId, ROOT_SECRET_KEY: S3Server.secret },
        stdio: ["ignore", "ignore", "pipe"],
      },
    )
    this.#process = child
    let said = ""
    child.stderr.on("data", (text) => (said = (said + String(text)).slice(-4000)))
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the S3 server ended: ${said}`)
      if (await listens(this.port)) return
      await new Promise((done) => setTimeout(done, 50))
    }
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once("exit", done))
    child.kill("SIGKILL")
    await ended
  }

  async stop(): Promise<void> {
    await this.kill()
    if (existsSync(this.#folder)) rmSync(this.#folder, { recursive: true, force: true })
  }

  /**
   * A way to the server that breaks for good with the first bytes that are sent to it when `due` says so. By this machine's own address,
   * since the engine's tunnel to the loopback does not pass on that a connection broke.
   */
  async cutWhen(due: () => boolean): Promise<{ url: string; close: () => void }> {
    let cut = false
    const open = new Set<Socket>()
    const proxy: Server = createServer((client) => {
      const upstream = createConnection(this.port, "127.0.0.1")
      for (const socket of [client, upstream]) {
        open.add(socket)
        socket.on("error", () => socket.destroy())
        socket.on("close", () => {
          open.delete(socket)
          client.destroy()
          upstream.destroy()
        })
      }
      upstream.pipe(client)
      client.on("data", (block) => {
        cut ||= due()
        if (cut) for (const socket of open) socket.destroy()
        else upstream.write(block)
      })
    })
    const address =
      Object.values(networkInterfaces())
        .flatMap((all) => all ?? [])
        .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1"
    const port = await new Promise<number>((resolve) => proxy.listen(0, address, () => resolve(portOf(proxy))))
    return { url: `http://${address}:${port}`, close: () => proxy.close() }
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })
}
