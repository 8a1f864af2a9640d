import { execFileSync, spawn } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../../cli/engine/free-port.js"
import { ended, hasPostgres, run, startPostgres } from "./host-postgres.js"

const PACKAGES = { postgres: "postgresql-15", redis: "redis-server", chromium: "chromium" }

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
  run(join(venv, "bin/pip"), [
    "install",
    "-q",
    "--disable-pip-version-check",
    "-r",
    join(copy, "requirements-test.txt"),
  ])

  // the same settings as in Tollgate's containers: what is compared is the way of running, not the disk
  const postgres = await startPostgres(folder, ["fsync=off", "synchronous_commit=off", "full_page_writes=off"])
  const redisPort = await freePort()
  const redis = spawn(
    "redis-server",
    ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    { stdio: "ignore" },
  )

  let round = 0
  return {
    async runSuites() {
      const database = `round_${(round += 1)}`
      postgres.run("createdb", database)
      const began = performance.now()
      const code = await ended(
        spawn(
          join(venv, "bin/python"),
          ["tests/run_payment_qa_tests.py", "--suite", "all", "--coverage", "--report", "--verbose"],
          {
            cwd: copy,
            stdio: ["ignore", openSync(join(folder, "runner.log"), "w"), "inherit"],
            env: {
              ...process.env,
              DATABASE_URL: postgres.url(database),
              REDIS_URL: `redis://127.0.0.1:${redisPort}/0`,
            },
          },
        ),
      )
      if (code !== 0) {
        const said = readFileSync(join(folder, "runner.log"), "utf8")
          .split("\n")
          .filter((line) => /^(FAILED|ERROR) /.test(line))
        throw new Error(`the runner ended with ${code} on the host:\n${said.join("\n")}`)
      }
      return (performance.now() - began) / 1000
    },
    async end() {
      redis.kill("SIGTERM")
      await ended(redis)
      await postgres.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function installPackages(): void {
  const missing = [
    ...(hasPostgres() ? [] : [PACKAGES.postgres]),
    ...(succeeds("redis-server", ["--version"]) ? [] : [PACKAGES.redis]),
    ...(existsSync("/usr/bin/chromium") ? [] : [PACKAGES.chromium]),
  ]
  if (missing.length === 0) return
  run("apt-get", ["update", "-qq"])
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing])
}

function succeeds(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}
