import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { Agent, get, type RequestOptions } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import { ledgerStore } from "../../core/ledger/samples/writer.js"
import { longHistory, Run } from "../release/dashboard-samples.js"
import { sampleOf } from "../unit/picture-samples.js"
import { installPackages } from "./host.js"
import { ended, startPostgres } from "./host-postgres.js"

const LAUNCHER = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
/** Ten events each. */
const RELEASES = Number(process.env["BENCH_RELEASES"] ?? 100_000)
/** Of its pages, spread over all. */
const FIRST_PAGES = 20
const WATCHERS = 200
const EVENTS = 20
const RUN_PAGE = "/environments/production/run"

export interface DashboardLoad {
  /** Seconds from the ledger's answer to the event until the last of all watchers had read its page. */
  readonly everywhere: readonly number[]
  readonly releases: number
  /** MB of the server's process when it listens, and the most it had, with all watchers. */
  readonly started: number
  readonly resident: number
  /** Seconds of a processor that the server works for one event and its 200 pages: other programs change it little. */
  readonly work: number
  /** Seconds of a first page, without watchers. */
  readonly first: readonly number[]
}

/** A run that is watched by many, in a ledger with a long history. A watcher does what the page's script does, without drawing it. */
export async function measureDashboard(): Promise<DashboardLoad> {
  installPackages()
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"))
  const postgres = await startPostgres(folder, ["fsync=off"])
  postgres.run("createdb", "shop")
  const url = `${postgres.url("shop")}?sslmode=disable`
  const ledger = await openLedger({
    url,
    service: "shop",
    patience: 60,
    journal: fileJournal(join(folder, "journal")),
    need: "required",
    entryPoint: "cli",
  })
  console.error(`dashboard: writing ${RELEASES} releases`)
  const script = join(folder, "history.sql")
  writeFileSync(script, longHistory(RELEASES))
  postgres.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", "shop", "-f", script)
  const source = join(folder, "source")
  mkdirSync(source)
  writeFileSync(
    join(source, "tollgate.yaml"),
    "qa: { runner: run.py, suites: { e2e: { files: [test.py] } } }\nledger: { service: shop, patience: 60s }\nenvironments: { production: {}, archive: {} }\n",
  )
  const server = spawn(
    process.execPath,
    [LAUNCHER, "dashboard", `--source=${source}`, "--ledger=env:LEDGER", "--port=0"],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LEDGER: url },
    },
  )
  try {
    return await measured(server, ledger, url)
  } finally {
    server.kill("SIGINT")
    await ended(server)
    await ledger.close()
    await postgres.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(server: ChildProcess, ledger: Ledger, url: string): Promise<DashboardLoad> {
  const link = await linkOf(server)
  const started = memoryOf(server, "VmRSS")
  const cookie = await signIn(link)
  const { origin } = new URL(link)
  const run = new Run(ledger, "production", "r-1")
  await run.start("1")
  await run.begin("policy")
  await writeSamples(url)
  const first: number[] = []
  const old = Array.from({ length: FIRST_PAGES }, (_, index) => Math.ceil(((index + 0.5) * RELEASES) / FIRST_PAGES))
  for (const path of [
    ...["/", "/history", "/environments/archive", RUN_PAGE],
    ...old.map((release) => `/environments/archive/releases/a-${release}`),
  ]) {
    const began = performance.now()
    await page(`${origin}${path}`, { headers: { cookie } })
    first.push((performance.now() - began) / 1000)
  }
  console.error(`dashboard: opening ${WATCHERS} watchers`)
  const agent = new Agent({ keepAlive: true, maxSockets: WATCHERS })
  const watchers = Array.from({ length: WATCHERS }, () => new Watcher(origin, { headers: { cookie }, agent }))
  await Promise.all(watchers.map((one) => one.has(1)))
  const everywhere: number[] = []
  const before = workOf(server)
  for (let event = 0; event < EVENTS; event += 1) {
    await (event % 2 === 0 ? run.done("policy") : run.begin("policy"))
    const began = performance.now()
    const number = await ledger.latestEvent()
    await Promise.all(watchers.map((one) => one.has(number)))
    everywhere.push((performance.now() - began) / 1000)
    // not in step with the server's looks at the ledger
    await pause(300 + (event % 7) * 130)
  }
  const work = (workOf(server) - before) / EVENTS
  const resident = memoryOf(server, "VmHWM")
  for (const one of watchers) one.close()
  agent.destroy()
  return { everywhere, releases: RELEASES, started, resident, work, first }
}

/** As many as a watch that goes on for an hour has: the page draws them all. */
async function writeSamples(url: string): Promise<void> {
  const [store, now] = [ledgerStore(url, 60), Date.now()]
  const samples = Array.from({ length: 360 }, (_, index) =>
    ["errors", "p95", "payments", "connections"].map((metric) => {
      const at = now - (360 - index) * 10_000
      return { ...sampleOf(metric, (index % 50) / 100, 0), since: now - 3_600_000, at }
    }),
  ).flat()
  await store.write({ service: "shop", environment: "production", release: "r-1", run: "run-r-1" }, samples)
  await store.close()
}

/** Seconds of a processor: two fields of proc_pid_stat(5), in ticks of which every Linux has 100 a second. */
function workOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** In MB. */
function memoryOf({ pid }: ChildProcess, figure: "VmRSS" | "VmHWM"): number {
  return Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000
}

/** Hears of an event, and reads the page again; while it reads, one more reading is enough. */
class Watcher {
  readonly #origin: string
  readonly #options: RequestOptions
  readonly #stream: ReturnType<typeof get>
  readonly #waiting: { readonly number: number; readonly done: () => void }[] = []
  #shown = 0
  #reading = false
  #again = false

  constructor(origin: string, options: RequestOptions) {
    this.#origin = origin
    this.#options = options
    this.#stream = get(`${origin}/stream`, { headers: options.headers ?? {}, agent: false }, (answer) => {
      answer.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("event: ")) void this.#read()
      })
    })
    this.#stream.on("error", () => undefined)
  }

  /** Resolves when a page with this event was read. */
  has(number: number): Promise<void> {
    if (this.#shown >= number) return Promise.resolve()
    return new Promise((done) => this.#waiting.push({ number, done }))
  }

  close(): void {
    this.#stream.destroy()
  }

  async #read(): Promise<void> {
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = true
    do {
      this.#again = false
      const text = await page(this.#origin + RUN_PAGE, this.#options)
      this.#shown = Number(/data-number="(\d+)"/.exec(text)?.[1] ?? 0)
      for (const { number, done } of this.#waiting) if (number <= this.#shown) done()
    } while (this.#again)
    this.#reading = false
  }
}

function page(address: string, options: RequestOptions): Promise<string> {
  return new Promise((done, failed) => {
    get(address, options, (answer) => {
      let text = ""
      answer.setEncoding("utf8").on("data", (part: string) => (text += part))
      answer.on("end", () =>
        answer.statusCode === 200 ? done(text) : failed(new Error(`${address} answered ${answer.statusCode}`)),
      )
    }).on("error", failed)
  })
}

function linkOf(server: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let text = ""
    server.once("exit", (code) => failed(new Error(`the dashboard ended with ${code}`)))
    server.stdout?.setEncoding("utf8").on("data", (part: string) => {
      const [link] = /http:\S+token=\S+/.exec((text += part)) ?? []
      if (link !== undefined) done(link)
    })
  })
}

async function signIn(link: string): Promise<string> {
  const { origin, searchParams } = new URL(link)
  const answer = await fetch(`${origin}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin, "content-type": "application/x-www-form-urlencoded" },
    body: `token=${searchParams.get("token") ?? ""}`,
  })
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? ""
}
