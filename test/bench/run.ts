import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { prepareHost } from "./host.js"
import { type Row, table } from "./table.js"
import { daggerCall, firstContainer, tollgateTest } from "./tollgate.js"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3)

const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-source-"))
const report = join(folder, "report")
const source = join(folder, "source")
cpSync(join(ROOT, "tollgate.yaml"), join(source, "tollgate.yaml"))
cpSync(join(ROOT, "examples/payments"), join(source, "examples/payments"), { recursive: true })
const service = join(ROOT, "test/engine/fixtures/service")

console.error("preparing: the host's servers and virtual environment, Tollgate's images and dependencies")
const host = await prepareHost(join(ROOT, "examples/payments"))
tollgateTest(source, report)
daggerCall(source)

const onHost: Row = { what: "five suites by the runner on the host, one after another", seconds: [] }
const first: Row = { what: "`tollgate test --fresh`: images and dependencies warm", seconds: [], against: onHost, goal: 1.3 }
const changed: Row = { what: "`tollgate test` after a one-line change of source", seconds: [], against: onHost, goal: 1.1 }
const unchanged: Row = { what: "`tollgate test` again, nothing changed", seconds: [], against: onHost, goal: 0.2 }
const start: Row = { what: "Enter to the first suite's first instruction", seconds: [], goal: 2 }
const call: Row = { what: "`dagger call test`, nothing changed", seconds: [], goal: 15 }

for (let round = 1; round <= ROUNDS; round += 1) {
  console.error(`round ${round} of ${ROUNDS}`)
  onHost.seconds.push(await host.runSuites())
  first.seconds.push(tollgateTest(source, report, "--fresh"))
  appendFileSync(join(source, "examples/payments/app/money.py"), `\n# a change, ${Date.now()}\n`)
  changed.seconds.push(tollgateTest(source, report))
  unchanged.seconds.push(tollgateTest(source, report))
  start.seconds.push(firstContainer(service, join(folder, "service-report")))
  call.seconds.push(daggerCall(source))
}
await host.end()
rmSync(folder, { recursive: true, force: true })
console.log(`\n${table([onHost, first, changed, unchanged, start, call])}`)
