// npm run bench [module|suites|gates|ci|migrations|release|dashboard]; BENCH_ROUNDS says how often, 3 unless told
import { measureCi } from "./ci.js"
import { measureDashboard } from "./dashboard.js"
import { measureGates } from "./gates.js"
import { measureMigrations } from "./migrations.js"
import { measureModule } from "./module.js"
import { measureRelease } from "./release.js"
import { measureSuites } from "./suites.js"
import { median, table } from "./table.js"

const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3)
const asked = process.argv.slice(2)

if (asked.length === 0 || asked.includes("module")) console.log(`\n${table(measureModule(rounds))}`)
if (asked.length === 0 || asked.includes("suites")) console.log(`\n${table(await measureSuites(rounds))}`)
if (asked.length === 0 || asked.includes("gates")) {
  const { rows, generator } = measureGates(rounds)
  const share = median(generator.map(({ mean }) => mean)) * 100
  console.log(`\n${table(rows)}\n\nload generator: ${share.toFixed(1)} % of ${generator[0]?.cores} cores`)
}
if (asked.length === 0 || asked.includes("ci")) console.log(`\n${table(measureCi(rounds))}`)
if (asked.length === 0 || asked.includes("migrations")) console.log(`\n${table(await measureMigrations(rounds))}`)
if (asked.length === 0 || asked.includes("release")) {
  const { rows, parts, tollgate, bare } = await measureRelease(rounds)
  const said = ({ requests, failed, notSent, p95, longest }: typeof tollgate) =>
    `${requests} requests, ${failed} failed, ${notSent} not sent; p95 ${p95.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`
  console.log(
    `\n${table(rows)}\n\nof a deployment: ${parts.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(", ")}\n\nk6, ${tollgate.rounds} deployments and ${tollgate.rounds} rollbacks: ${said(tollgate)}\nk6, ${bare.rounds} updates by docker-compose: ${said(bare)}`,
  )
}
if (asked.length === 0 || asked.includes("dashboard")) {
  const { releases, everywhere, started, resident, work, first } = await measureDashboard()
  const slow = [...first].sort((one, other) => one - other)[Math.ceil(0.95 * first.length) - 1] ?? Number.NaN
  const range = (values: readonly number[]) =>
    `median ${median([...values]).toFixed(2)} s, longest ${Math.max(...values).toFixed(2)} s`
  console.log(
    `\ndashboard, 200 watchers of a run, ${releases} releases: an event on all pages ${range(everywhere)}, ${work.toFixed(2)} s of a processor each; ${started.toFixed(0)} MB resident at the start, at most ${resident.toFixed(0)} MB; a first page ${range(first)}, 95th percentile ${slow.toFixed(2)} s`,
  )
  const goals = [
    ["an event on all pages within 1 s", Math.max(...everywhere) <= 1],
    ["at most 150 MB resident", resident <= 150],
    ["95 % of first pages within 0.2 s", slow <= 0.2],
  ] as const
  for (const [goal, isMet] of goals) if (!isMet) console.error(`dashboard: missed the goal: ${goal}`)
  if (goals.some(([, isMet]) => !isMet)) process.exitCode = 1
}
