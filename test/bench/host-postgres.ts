import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { freePort } from "../../cli/engine/free-port.js"

const BINARIES = "/usr/lib/postgresql/15/bin"

export function hasPostgres(): boolean {
  return existsSync(`${BINARIES}/postgres`)
}

/** A Postgres of the host's own, for as long as a measurement takes. */
export interface HostPostgres {
  readonly port: number
  url(database: string): string
  /** One of Postgres's own programs, told where the server is. */
  run(program: string, ...args: string[]): void
  end(): Promise<void>
}

/** @param settings such as `fsync=off` */
export async function startPostgres(folder: string, settings: string[]): Promise<HostPostgres> {
  const port = await freePort()
  const data = join(folder, "postgres")
  mkdirSync(data)
  const root = process.getuid?.() === 0
  // Postgres refuses to run as root
  const asPostgres = (args: string[]): [string, string[]] =>
    root ? ["runuser", ["-u", "postgres", "--", ...args]] : [args[0] ?? "", args.slice(1)]
  if (root) run("chown", ["-R", "postgres", data])
  run("chmod", ["755", folder])
  run(...asPostgres([`${BINARIES}/initdb`, "-D", data, "-U", "app", "--auth=trust", "-N"]))
  const [command, args] = asPostgres([
    `${BINARIES}/postgres`,
    "-D",
    data,
    "-p",
    String(port),
    "-h",
    "127.0.0.1",
    "-k",
    data,
    ...settings.flatMap((one) => ["-c", one]),
  ])
  const server = spawn(command, args, { stdio: "ignore" })
  const at = ["-h", "127.0.0.1", "-p", String(port), "-U", "app"]
  const ready = (): boolean => {
    try {
      execFileSync(`${BINARIES}/pg_isready`, ["-q", ...at], { stdio: "ignore" })
      return true
    } catch {
      return false
    }
  }
  for (let attempt = 0; !ready(); attempt += 1) {
    if (attempt === 100) throw new Error("Postgres did not become ready")
    await pause(200)
  }
  return {
    port,
    url: (database) => `postgresql://app:app@127.0.0.1:${port}/${database}`,
    run: (program, ...rest) => run(`${BINARIES}/${program}`, [...at, ...rest]),
    end: async () => {
      server.kill("SIGTERM")
      await ended(server)
    },
  }
}

export function run(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  execFileSync(command, [...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", ...env },
  })
}

export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once("exit", resolve))
}
