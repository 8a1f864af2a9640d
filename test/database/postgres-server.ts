import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import pg from "pg"
import { freePort } from "../../cli/engine/free-port.js"

/**
 * A real Postgres as a child process of the test, so that the test can do to it what happens to servers: kill it, fill its
 * disk, make a replica of it. Its programs come out of the image that everything else uses; nothing is installed.
 */

const binaries = (major: number): string => `/usr/lib/postgresql/${major}/bin`
const USER = 65432

const roots = new Map<number, Promise<string>>()

function programs(major: number): Promise<string> {
  const root = roots.get(major) ?? exportPrograms(major)
  roots.set(major, root)
  return root
}

async function exportPrograms(major: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-test-postgres-"))
  const archive = join(folder, "programs.tar")
  const without = ["doc", "man", "locale", "perl"].map((name) => `--exclude=usr/share/${name}`)
  await dag
    .container()
    .from(`postgres:${major}`)
    .withExec([
      "tar",
      "-C",
      "/",
      "-cf",
      "/programs.tar",
      ...without,
      "--exclude=*LLVM*",
      "--exclude=usr/lib/python3*",
      "--exclude=*bitcode*",
      "bin",
      "lib",
      "lib64",
      "usr/bin",
      "usr/lib",
      "usr/lib64",
      "usr/share",
      "etc/ld.so.cache",
      "etc/ld.so.conf",
      "etc/ld.so.conf.d",
      "etc/alternatives",
    ])
    .file("/programs.tar")
    .export(archive)
  execFileSync("tar", ["-C", folder, "-xf", archive])
  rmSync(archive)
  for (const name of ["tmp", "dev", "etc"]) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, "etc/passwd"), `root:x:0:0::/:/bin/sh\npostgres:x:${USER}:${USER}::/:/bin/sh\n`)
  writeFileSync(join(folder, "etc/group"), `root:x:0:\npostgres:x:${USER}:\n`)
  execFileSync("mknod", ["-m", "666", join(folder, "dev/null"), "c", "1", "3"])
  execFileSync("mknod", ["-m", "666", join(folder, "dev/urandom"), "c", "1", "9"])
  chmodSync(join(folder, "tmp"), 0o1777)
  chmodSync(folder, 0o755)
  return folder
}

export class PostgresServer {
  readonly port: number
  readonly #address: string
  readonly #root: string
  readonly #data: string
  readonly #mounted: boolean
  readonly #binaries: string
  #process: ChildProcess | null = null
  #settings: readonly string[] = []

  private constructor(folder: string, data: string, port: number, mounted: boolean, major: number, address: string) {
    this.#address = address
    this.#binaries = binaries(major)
    this.#root = folder
    this.#data = data
    this.port = port
    this.#mounted = mounted
  }

  /**
   * @param disk size of the server's disk in MiB; left out: that of the machine
   * @param address of this machine, at which it listens
   * @param settings of Postgres
   */
  static async start({
    disk,
    major = 15,
    address = "127.0.0.1",
    settings = [],
  }: {
    disk?: number
    major?: number
    address?: string
    settings?: string[]
  } = {}): Promise<PostgresServer> {
    const server = await PostgresServer.#prepare(major, disk, address)
    server.#settings = settings
    server.#asPostgres("initdb", [
      "-D",
      server.#data,
      "-U",
      "postgres",
      "--auth-local=trust",
      "--auth-host=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
      "--pwfile=/tmp/password",
    ])
    appendFileSync(join(server.#root, server.#data, "pg_hba.conf"), "host all all 10.0.0.0/8 scram-sha-256\n")
    await server.resume()
    return server
  }

  static async #prepare(major: number, disk?: number, address = "127.0.0.1"): Promise<PostgresServer> {
    const folder = await programs(major)
    const port = await freePort()
    const data = `/tmp/data-${port}`
    mkdirSync(join(folder, data))
    if (disk !== undefined) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${disk}m`, "tmpfs", join(folder, data)])
    chownSync(join(folder, data), USER, USER)
    chmodSync(join(folder, data), 0o700)
    writeFileSync(join(folder, "tmp/password"), SUPERUSER_PASSWORD, { mode: 0o644 })
    return new PostgresServer(folder, data, port, disk !== undefined, major, address)
  }

  #asPostgres(program: string, args: string[], env: Record<string, string> = {}): void {
    execFileSync("chroot", [`--userspec=${USER}:${USER}`, this.#root, `${this.#binaries}/${program}`, ...args], {
      stdio: "pipe",
      env: { PATH: `${this.#binaries}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: "C.UTF-8", ...env },
    })
  }

  /** A locale that no image has, of the same rules as C.utf8. */
  addLocale(name: string): void {
    const locales = join(this.#root, "usr/lib/locale")
    cpSync(join(locales, "C.utf8"), join(locales, name), { recursive: true })
  }

  /** Starts it, or starts it again after `kill`: what it then does to its files is its own crash recovery. */
  async resume(): Promise<void> {
    const settings = [
      `listen_addresses=${this.#address}`,
      `port=${this.port}`,
      "unix_socket_directories=/tmp",
      "shared_buffers=32MB",
      "dynamic_shared_memory_type=mmap",
      "max_wal_size=64MB",
      "min_wal_size=32MB",
      ...this.#settings,
    ]
    const child = spawn(
      "chroot",
      [
        `--userspec=${USER}:${USER}`,
        this.#root,
        `${this.#binaries}/postgres`,
        "-D",
        this.#data,
        ...settings.flatMap((one) => ["-c", one]),
      ],
      {
        stdio: ["ignore", "ignore", "pipe"],
        env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" },
      },
    )
    this.#process = child
    let said = ""
    child.stderr.on("data", (text) => (said = (said + String(text)).slice(-4000)))
    for (;;) {
      if (child.exitCode !== null) throw new Error(`postgres ended: ${said}`)
      const client = this.client("postgres", "postgres")
      try {
        await client.connect()
        await client.end()
        return
      } catch {
        await new Promise((done) => setTimeout(done, 100))
      }
    }
  }

  /** SIGKILL to the whole server, as a lost machine looks to its disk. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child === null || child.exitCode !== null) return
    const ended = new Promise((done) => child.once("exit", done))
    child.kill("SIGKILL")
    await ended
    // its children notice that it is gone, and end; a new one refuses to start before
    while (existsSync(join(this.#root, this.#data, "postmaster.pid")) && this.#hasBackends())
      await new Promise((done) => setTimeout(done, 50))
  }

  /** Resolves when the server has ended by itself. */
  async ended(): Promise<void> {
    const child = this.#process
    if (child === null || child.exitCode !== null) return
    await new Promise((done) => child.once("exit", done))
  }

  /** @param disk new size of the server's disk in MiB */
  enlarge(disk: number): void {
    execFileSync("mount", ["-o", `remount,size=${disk}m`, join(this.#root, this.#data)])
  }

  #hasBackends(): boolean {
    try {
      return execFileSync("pgrep", ["-u", String(USER), "-f", this.#data], { encoding: "utf8" }).trim() !== ""
    } catch {
      return false
    }
  }

  async stop(): Promise<void> {
    await this.kill()
    const folder = join(this.#root, this.#data)
    if (this.#mounted) execFileSync("umount", [folder])
    rmSync(folder, { recursive: true, force: true })
  }

  /** A hot standby that follows this server. */
  async replica(): Promise<PostgresServer> {
    const replica = await PostgresServer.#prepare(15)
    this.#asPostgres(
      "pg_basebackup",
      [
        "-h",
        "127.0.0.1",
        "-p",
        String(this.port),
        "-U",
        "postgres",
        "-D",
        replica.#data,
        "-X",
        "stream",
        "--checkpoint=fast",
        "-R",
      ],
      { PGPASSWORD: SUPERUSER_PASSWORD },
    )
    await replica.resume()
    return replica
  }

  client(database: string, user = "app"): pg.Client {
    const client = new pg.Client({
      host: this.#address,
      port: this.port,
      user,
      password: user === "postgres" ? SUPERUSER_PASSWORD : APP_PASSWORD,
      database,
    })
    client.on("error", () => undefined)
    return client
  }

  /** A database that the application's role owns; the role may make others, and is no superuser. */
  async createDatabase(name: string): Promise<string> {
    await this.query(
      "postgres",
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app LOGIN CREATEDB PASSWORD '${APP_PASSWORD.replaceAll("'", "''")}'; END IF; END $$`,
      "postgres",
    )
    await this.query("postgres", `CREATE DATABASE "${name}" OWNER app`, "postgres")
    return this.url(name)
  }

  url(database: string, password = APP_PASSWORD): string {
    return `postgresql://app:${encodeURIComponent(password)}@${this.#address}:${this.port}/${database}`
  }

  async query<Row extends pg.QueryResultRow>(database: string, sql: string, user = "app"): Promise<Row[]> {
    const client = this.client(database, user)
    await client.connect()
    try {
      const result: unknown = await client.query<Row>(sql)
      return (Array.isArray(result) ? (result.at(-1) as pg.QueryResult<Row>) : (result as pg.QueryResult<Row>)).rows
    } finally {
      await client.end()
    }
  }
}

/** Looks like what passwords look like: with what a URL, a shell and SQL each take for their own. */
export const APP_PASSWORD = "p%4ss/w'rd+$x&1"
const SUPERUSER_PASSWORD = "superuser-of-the-test"

/** Removes the programs; the servers must have been stopped. */
export async function removePrograms(): Promise<void> {
  for (const root of roots.values()) rmSync(await root, { recursive: true, force: true })
  roots.clear()
}
