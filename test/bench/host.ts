import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"

const PACKAGES = { postgres: "postgresql-15", redis: "redis-server", chromium: "chromium" }
const POSTGRES = "/usr/lib/postgresql/15/bin"

/** The host's own Postgres and Redis, and the app with its dependencies in a virtual environment. */
export interface Host {
  /** Runs all suites one after another by the runner; seconds it took. */
  runSuites(): Promise<number>
  end(): Promise<void>
}

export async function prepareHost(app: string): Promise<Host> {
  installPackages()
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"))
  const copy = join(folder, "app")
  cpSync(app, copy, { recursive: true })
  const venv = join(folder, "venv")
  run("python3", ["-m", "venv", venv])
  run(join(venv, "bin/pip"), ["install", "-q", "--disable-pip-version-check", "-r", join(copy, "requirements-test.txt")])

  const [postgresPort, redisPort] = [await freePort(), await freePort()]
  const data = join(folder, "postgres")
  mkdirSync(data)
  // Postgres refuses to run as root
  const asPostgres = (command: string, args: string[]): [string, string[]] =>
    process.getuid?.() === 0 ? ["runuser", ["-u", "postgres", "--", command, ...args]] : [command, args]
  if (process.getuid?.() === 0) run("chown", ["-R", "postgres", data])
  run("chmod", ["755", folder])
  run(...asPostgres(`${POSTGRES}/initdb`, ["-D", data, "-U", "app", "--auth=trust", "-N"]))
  const servers: ChildProcess[] = [
    // the same settings as in Tollgate's containers: what is compared is the way of running, not the disk
    spawnQuietly(...asPostgres(`${POSTGRES}/postgres`, [
      "-D", data, "-p", String(postgresPort), "-h", "127.0.0.1", "-k", data,
      "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    ])),
    spawnQuietly("redis-server", ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]),
  ]
  await until(() => succeeds(`${POSTGRES}/pg_isready`, ["-q", "-h", "127.0.0.1", "-p", String(postgresPort)]))

  let round = 0
  const host: Host = {
    async runSuites() {
      const database = `round_${(round += 1)}`
      run(`${POSTGRES}/createdb`, ["-h", "127.0.0.1", "-p", String(postgresPort), "-U", "app", database])
      const began = performance.now()
      const code = await ended(
        spawn(join(venv, "bin/python"), ["tests/run_payment_qa_tests.py", "--suite", "all", "--coverage", "--report", "--verbose"], {
          cwd: copy,
          stdio: ["ignore", openSync(join(folder, "runner.log"), "w"), "inherit"],
          env: {
            ...process.env,
            DATABASE_URL: `postgresql://app:app@127.0.0.1:${postgresPort}/${database}`,
            REDIS_URL: `redis://127.0.0.1:${redisPort}/0`,
          },
        }),
      )
      if (code !== 0) {
        const said = readFileSync(join(folder, "runner.log"), "utf8").split("\n").filter((line) => /^(FAILED|ERROR) /.test(line))
        await host.end()
        throw new Error(`the runner ended with ${code} on the host:\n${said.join("\n")}`)
      }
      return (performance.now() - began) / 1000
    },
    async end() {
      for (const server of servers) {
        server.kill("SIGTERM")
        await ended(server)
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return host
}

function installPackages(): void {
  const missing = [
    ...(existsSync(`${POSTGRES}/postgres`) ? [] : [PACKAGES.postgres]),
    ...(succeeds("redis-server", ["--version"]) ? [] : [PACKAGES.redis]),
    ...(existsSync("/usr/bin/chromium") ? [] : [PACKAGES.chromium]),
  ]
  if (missing.length === 0) return
  run("apt-get", ["update", "-qq"])
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing])
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, [...args], { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
}

function succeeds(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

function spawnQuietly(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, [...args], { stdio: "ignore" })
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once("exit", resolve))
}

async function until(ready: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (ready()) return
    await pause(200)
  }
  throw new Error("Postgres did not become ready")
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))))
    })
  })
}
