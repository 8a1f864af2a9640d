import { appendFileSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { scratchSource } from "./scratch-source.js"
import type { Row } from "./table.js"
import { tollgateCommand } from "./tollgate.js"

/** The other gates on the example: what a first build costs, what a change costs, and what is left when nothing changed. */
export function measureGates(rounds: number): { rows: Row[]; generator: { mean: number; cores: number }[] } {
  const { folder, source } = scratchSource()
  const at = (name: string) => join(folder, name)
  console.error("preparing: the tools of the gates")
  tollgateCommand("build", source, at("image"))
  tollgateCommand("scan", source, at("scan"))

  const cold: Row = {
    what: "`tollgate build`, dependencies changed: everything is installed again, and started",
    seconds: [],
  }
  const changed: Row = { what: "`tollgate build` after a one-line change of source", seconds: [], against: cold }
  const warm: Row = { what: "`tollgate build` again, nothing changed", seconds: [], against: cold }
  const scanned: Row = { what: "`tollgate scan` after a one-line change of source, database there", seconds: [] }
  const again: Row = { what: "`tollgate scan` again, nothing changed", seconds: [], against: scanned }
  const loaded: Row = { what: "`tollgate load-test`: 25 s of load, warm-up included", seconds: [] }
  const generator: { mean: number; cores: number }[] = []

  for (let round = 1; round <= rounds; round += 1) {
    console.error(`gates, round ${round} of ${rounds}`)
    appendFileSync(join(source, "examples/payments/requirements.txt"), `# a change, ${Date.now()}\n`)
    cold.seconds.push(tollgateCommand("build", source, at("image")))
    appendFileSync(join(source, "examples/payments/app/money.py"), `\n# a change, ${Date.now()}\n`)
    changed.seconds.push(tollgateCommand("build", source, at("image")))
    warm.seconds.push(tollgateCommand("build", source, at("image")))
    scanned.seconds.push(tollgateCommand("scan", source, at("scan")))
    again.seconds.push(tollgateCommand("scan", source, at("scan")))
    loaded.seconds.push(tollgateCommand("load-test", source, at("load")))
    generator.push(generatorUse(join(at("load"), "load.json")))
  }
  rmSync(folder, { recursive: true, force: true })
  return { rows: [cold, changed, warm, scanned, again, loaded], generator }
}

function generatorUse(file: string): { mean: number; cores: number } {
  const document = z.object({ generator: z.object({ cpu: z.object({ mean: z.number(), cores: z.number() }) }) })
  return document.parse(JSON.parse(readFileSync(file, "utf8"))).generator.cpu
}
