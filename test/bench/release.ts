import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { withEngine } from "../../cli/engine/connect.js"
import { dotenvText } from "../../core/release/session/dotenv-text.js"
import { k6Customers, type Served } from "../release/k6-customers.js"
import { type LiveEnvironment, liveEnvironment } from "../release/live-environment.js"
import { BARE_PORT, bareImage, composeUpdate, installCompose } from "./release-bare.js"
import { scratchSource } from "./scratch-source.js"
import { median, type Row } from "./table.js"

/** BENCH_TRAFFIC says how many deployments and rollbacks go on under traffic, 10 unless told. */
const ROUNDS_OF_TRAFFIC = Number(process.env["BENCH_TRAFFIC"] ?? 10)
/** Requests in a second. */
const RATE = 50
const PAGE = { path: "/plans", contains: "TWD" }
const STEPS = ["target", "approval", "migrate", "start", "healthy", "smoke", "switch"]

export interface ReleaseFigures {
  rows: Row[]
  /** Of a deployment: median seconds of each step that counts. */
  parts: { name: string; seconds: number }[]
  /** Through so many deployments and as many rollbacks. */
  tollgate: Served & { rounds: number }
  /** Through as many updates. */
  bare: Served & { rounds: number }
}

/** A deployment of the example and a rollback over SSH, against the two commands that a team would type on the same host; and what customers notice of either. */
export async function measureRelease(rounds: number): Promise<ReleaseFigures> {
  return await withEngine({ tools: ["kamal-proxy", "k6"] }, async () => {
    console.error("preparing: a host of its own, docker-compose on it")
    const { folder, source } = scratchSource()
    // what a release is watched for is no work: nobody waits for it on the other side
    const live = await liveEnvironment("bench-release", source, (settings) =>
      settings.setIn(["release", "monitor", "window"], "1s"),
    )
    try {
      await installCompose(live.sandbox)
      return await measure(live, rounds)
    } finally {
      await live.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

async function measure(live: LiveEnvironment, rounds: number): Promise<ReleaseFigures> {
  const bare: Row = {
    what: "`docker-compose pull && docker-compose up -d` on the host: alembic, then web and worker, until the new version answers",
    seconds: [],
  }
  const work: Row = {
    what: "`tollgate deploy`: from reading the target to the traffic and the worker, with alembic, health, smoke checks and the verification that it serves",
    seconds: [],
    against: bare,
    goal: 2,
  }
  const whole: Row = {
    what: "`tollgate deploy` from Enter: with engine, image built, judged and published, ledger, one second of watching",
    seconds: [],
  }
  const back: Row = { what: "`tollgate rollback` from Enter to the shell's prompt", seconds: [], goal: 3 }
  const parts = STEPS.map((name) => ({ name, all: [] as number[] }))
  const app = join(live.source, "examples/payments")
  // what an earlier run has built and fetched would be there already
  const run = new Date().toISOString().replaceAll(/\D/g, "")
  const change = (version: string) => writeFileSync(join(app, "app/change.txt"), `${version} ${run}\n`)
  const bareOf = (version: string) => bareImage(live.sandbox, app, `${version} ${run}`)

  change("first")
  await deployed(live, "first")
  await composeUpdate(live.sandbox, await bareOf("bare first"))
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`release, round ${round} of ${rounds}`)
    change(`round ${round}`)
    const { seconds, steps } = await deployed(live, `v${round}`)
    whole.seconds.push(seconds)
    work.seconds.push(steps.filter(({ name }) => STEPS.includes(name)).reduce((sum, one) => sum + one.seconds, 0))
    for (const part of parts) part.all.push(steps.find(({ name }) => name === part.name)?.seconds ?? 0)
    back.seconds.push(await rolledBack(live))
    bare.seconds.push(await composeUpdate(live.sandbox, await bareOf(`bare ${round}`)))
  }

  for (const { what, seconds } of [bare, work, whole, back])
    console.error(`${what}: ${seconds.map((one) => one.toFixed(1)).join(", ")} s`)

  const images = [await bareOf("traffic 0"), await bareOf("traffic 1")]
  const stopTollgate = k6Customers(live.sandbox.service, { rate: RATE, ...PAGE })
  for (let round = 1; round <= ROUNDS_OF_TRAFFIC; round += 1) {
    console.error(`customers, round ${round} of ${ROUNDS_OF_TRAFFIC}`)
    await deployed(live, `c${round}`)
    await rolledBack(live)
  }
  const tollgate = { ...(await stopTollgate()), rounds: ROUNDS_OF_TRAFFIC }
  const stopBare = k6Customers(live.sandbox.service, { rate: RATE, ...PAGE, port: BARE_PORT })
  for (let round = 1; round <= ROUNDS_OF_TRAFFIC; round += 1) await composeUpdate(live.sandbox, images[round % 2] ?? "")
  return {
    rows: [bare, work, whole, back],
    parts: parts.map(({ name, all }) => ({ name, seconds: median(all) })),
    tollgate,
    bare: { ...(await stopBare()), rounds: ROUNDS_OF_TRAFFIC },
  }
}

const result = z.object({ outcome: z.string(), steps: z.array(z.object({ name: z.string(), seconds: z.number() })) })

async function deployed(
  live: LiveEnvironment,
  version: string,
): Promise<{ seconds: number; steps: z.output<typeof result>["steps"] }> {
  const { code, out, seconds } = await live.tollgate(
    "deploy",
    `--version=${version}`,
    `--secrets=${live.file("bench.env", dotenvText([...live.sandbox.variables]))}`,
    ...live.publishing,
    "--json",
  )
  if (code !== 0) throw new Error(`the deployment ended with ${code}:\n${out}`)
  return { seconds, steps: result.parse(JSON.parse(out.slice(out.indexOf("\n{\n") + 1))).steps }
}

async function rolledBack(live: LiveEnvironment): Promise<number> {
  const { code, out, seconds } = await live.tollgate("rollback", "--reason=bench")
  if (code !== 0) throw new Error(`the rollback ended with ${code}:\n${out}`)
  return seconds
}
