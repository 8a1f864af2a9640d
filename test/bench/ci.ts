import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseDocument } from "yaml"
import { scratchSource } from "./scratch-source.js"
import type { Row } from "./table.js"
import { tollgateCommand } from "./tollgate.js"

/** `ci` on the example: the first run, one after a change of a line, and one after no change. The load test is left out: it takes its time. */
export function measureCi(rounds: number): Row[] {
  const { folder, source } = scratchSource()
  withoutLoad(join(source, "tollgate.yaml"))
  const report = join(folder, "report")
  const ci = () => tollgateCommand("ci", source, report)
  console.error("preparing: the tools of the gates")
  ci()

  const first: Row = { what: "`tollgate ci`, dependencies changed: everything is installed and run", seconds: [] }
  const changed: Row = {
    what: "`tollgate ci` after a one-line change of source",
    seconds: [],
    against: first,
    goal: 0.6,
  }
  const unchanged: Row = { what: "`tollgate ci` again, nothing changed", seconds: [], against: first, goal: 0.1 }
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`ci, round ${round} of ${rounds}`)
    appendFileSync(join(source, "examples/payments/requirements.txt"), `# a change, ${Date.now()}\n`)
    first.seconds.push(ci())
    unchanged.seconds.push(ci())
    appendFileSync(join(source, "examples/payments/app/money.py"), `\n# a change, ${Date.now()}\n`)
    changed.seconds.push(ci())
  }
  rmSync(folder, { recursive: true, force: true })
  return [first, changed, unchanged]
}

function withoutLoad(file: string): void {
  const settings = parseDocument(readFileSync(file, "utf8"))
  settings.delete("load")
  writeFileSync(file, settings.toString())
}
