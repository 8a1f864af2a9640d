import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { withEngine } from "../../cli/engine/connect.js"
import { image, sandboxImages } from "./release-images.js"
import { k6Customers, type Served } from "../release/k6-customers.js"
import { type LiveEnvironment, liveEnvironment } from "../release/live-environment.js"
import { ROOT } from "./scratch-source.js"
import type { Row } from "./table.js"
import { onHost } from "../release/host.js"

/** BENCH_TRAFFIC says how many deployments and rollbacks go on under traffic, 10 unless told. */
const ROUNDS_OF_TRAFFIC = Number(process.env["BENCH_TRAFFIC"] ?? 10)
/** Requests in a second. */
const RATE = 50
/** Of the host: what docker-compose publishes. */
const BARE_PORT = 8080
const BARE = "/root/bare"

export interface ReleaseFigures {
  rows: Row[]
  /** Through so many deployments and as many rollbacks. */
  tollgate: Served & { rounds: number }
  /** Through as many updates. */
  bare: Served & { rounds: number }
}

/** A deployment and a rollback over SSH, against the two commands that a team would type on the same host; and what customers notice of either. */
export async function measureRelease(rounds: number): Promise<ReleaseFigures> {
  return await withEngine({ tools: ["kamal-proxy", "k6"] }, async () => {
    console.error("preparing: a host of its own, docker-compose on it")
    const live = await liveEnvironment("bench-release", join(ROOT, "test/release/fixtures/deploy"), "")
    // what a release is watched for is no work: nobody waits for it on the other side
    const settings = join(live.source, "tollgate.yaml")
    writeFileSync(settings, readFileSync(settings, "utf8").replace("window: 4s", "window: 1s"))
    try {
      await installCompose(live)
      return await measure(live, rounds)
    } finally {
      await live.close()
    }
  })
}

async function measure(live: LiveEnvironment, rounds: number): Promise<ReleaseFigures> {
  const bare: Row = { what: "`docker-compose pull && docker-compose up -d` on the host, until the new version answers", seconds: [] }
  const work: Row = { what: "`tollgate deploy`: from the look at the target to the traffic, all checks of the target and the smoke check included", seconds: [], against: bare, goal: 2 }
  const whole: Row = { what: "`tollgate deploy` from Enter: with engine, image built, judged and published, ledger, one second of watching", seconds: [] }
  const back: Row = { what: "`tollgate rollback` from Enter to the shell's prompt", seconds: [], goal: 3 }
  const change = async (version: string) => writeFileSync(join(live.source, "change.txt"), `${version}\n`)
  writeFileSync(join(live.source, "Dockerfile"), `${readFileSync(join(live.source, "Dockerfile"), "utf8")}COPY change.txt /change.txt\n`)

  await change("first")
  await deployed(live, "first")
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`release, round ${round} of ${rounds}`)
    await change(`round ${round}`)
    const { seconds, steps } = await deployed(live, `v${round}`)
    whole.seconds.push(seconds)
    work.seconds.push(steps.filter(({ name }) => ["target", "approval", "migrate", "start", "healthy", "smoke", "switch"].includes(name)).reduce((sum, one) => sum + one.seconds, 0))
    back.seconds.push(await rolledBack(live))
    bare.seconds.push(await updated(live, await image(live.sandbox, `bare ${round}`)))
  }

  for (const { what, seconds } of [bare, work, whole, back]) console.error(`${what}: ${seconds.map((one) => one.toFixed(1)).join(", ")} s`)

  const images = await sandboxImages(live.sandbox, 2)
  const stopTollgate = k6Customers(live.sandbox.service, { rate: RATE, path: "/pay", contains: "paid" })
  for (let round = 1; round <= ROUNDS_OF_TRAFFIC; round += 1) {
    console.error(`customers, round ${round} of ${ROUNDS_OF_TRAFFIC}`)
    await deployed(live, `c${round}`)
    await rolledBack(live)
  }
  const tollgate = { ...(await stopTollgate()), rounds: ROUNDS_OF_TRAFFIC }
  const stopBare = k6Customers(live.sandbox.service, { rate: RATE, path: "/pay", contains: "paid", port: BARE_PORT })
  for (let round = 1; round <= ROUNDS_OF_TRAFFIC; round += 1) await updated(live, images[round % 2] ?? "")
  return { rows: [bare, work, whole, back], tollgate, bare: { ...(await stopBare()), rounds: ROUNDS_OF_TRAFFIC } }
}

const result = z.object({ outcome: z.string(), steps: z.array(z.object({ name: z.string(), seconds: z.number() })) })

async function deployed(live: LiveEnvironment, version: string): Promise<{ seconds: number; steps: z.output<typeof result>["steps"] }> {
  const { code, out, seconds } = await live.tollgate("deploy", `--version=${version}`, `--secrets=${live.file("bench.env", "MODE=\n")}`, ...live.publishing, "--json")
  if (code !== 0) throw new Error(`the deployment ended with ${code}:\n${out}`)
  return { seconds, steps: result.parse(JSON.parse(out.slice(out.indexOf("\n{\n") + 1))).steps }
}

async function rolledBack(live: LiveEnvironment): Promise<number> {
  const { code, out, seconds } = await live.tollgate("rollback", "--reason=bench")
  if (code !== 0) throw new Error(`the rollback ended with ${code}:\n${out}`)
  return seconds
}

async function installCompose({ sandbox }: LiveEnvironment): Promise<void> {
  await sandbox.host.run({ what: "install docker-compose", script: "command -v docker-compose >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-compose curl >/dev/null; }", seconds: 300 })
  await onHost(sandbox, `mkdir -p ${BARE} && docker login --username tollgate --password-stdin registry:5000 </identity/password >/dev/null 2>&1`)
}

/** The two commands, until the new version answers customers. */
async function updated({ sandbox }: LiveEnvironment, reference: string): Promise<number> {
  const file = `version: "3"\nservices: { shop: { image: "${reference}", restart: unless-stopped, environment: { APP_VERSION: "${reference.slice(-12)}" }, ports: ["${BARE_PORT}:8000"] } }\n`
  const began = performance.now()
  await sandbox.host.run({
    what: "update by docker-compose",
    script: `cd ${BARE} && cat >docker-compose.yml && docker-compose --no-ansi pull -q 2>&1 && docker-compose --no-ansi up -d 2>&1 && tries=0 && until [ "$(curl -s http://127.0.0.1:${BARE_PORT}/version)" = ${reference.slice(-12)} ]; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 1; sleep 0.05; done`,
    input: file,
    seconds: 300,
  })
  return (performance.now() - began) / 1000
}
