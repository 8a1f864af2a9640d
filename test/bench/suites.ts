import { appendFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type Host, prepareHost } from "./host.js"
import { ROOT, scratchSource } from "./scratch-source.js"
import type { Row } from "./table.js"
import { daggerCall, firstContainer, tollgateTest } from "./tollgate.js"

/** The five suites through Tollgate, against the same ones straight on the host. */
export async function measureSuites(rounds: number): Promise<Row[]> {
  console.error("preparing: the host's servers and virtual environment, Tollgate's images and dependencies")
  const host = await prepareHost(join(ROOT, "examples/payments"))
  try {
    return await measure(rounds, host)
  } finally {
    await host.end()
  }
}

async function measure(rounds: number, host: Host): Promise<Row[]> {
  const { folder, source } = scratchSource()
  const report = join(folder, "report")
  const service = join(ROOT, "test/engine/fixtures/service")
  tollgateTest(source, report)
  daggerCall(source)

  const onHost: Row = { what: "five suites by the runner on the host, one after another", seconds: [] }
  const first: Row = {
    what: "`tollgate test --fresh`: images and dependencies warm",
    seconds: [],
    against: onHost,
    goal: 1.3,
  }
  const changed: Row = {
    what: "`tollgate test` after a one-line change of source",
    seconds: [],
    against: onHost,
    goal: 1.1,
  }
  const unchanged: Row = { what: "`tollgate test` again, nothing changed", seconds: [], against: onHost, goal: 0.2 }
  const start: Row = { what: "Enter to the first suite's first instruction", seconds: [], goal: 2 }
  const call: Row = { what: "`dagger call test`, nothing changed", seconds: [], goal: 15 }

  for (let round = 1; round <= rounds; round += 1) {
    console.error(`suites, round ${round} of ${rounds}`)
    onHost.seconds.push(await host.runSuites())
    first.seconds.push(tollgateTest(source, report, "--fresh"))
    appendFileSync(join(source, "examples/payments/app/money.py"), `\n# a change, ${Date.now()}\n`)
    changed.seconds.push(tollgateTest(source, report))
    unchanged.seconds.push(tollgateTest(source, report))
    start.seconds.push(firstContainer(service, join(folder, "service-report")))
  }
  // the two entry points keep their evidence apart: this one must have seen the source once before nothing is new to it
  daggerCall(source)
  for (let round = 1; round <= rounds; round += 1) call.seconds.push(daggerCall(source))
  rmSync(folder, { recursive: true, force: true })
  return [onHost, first, changed, unchanged, start, call]
}
