import type { States } from "../../core/ci/graph.js"
import { type OnChange, progressTable } from "../../core/ci/progress.js"
import type { Times } from "../../core/ci/times.js"
import { LiveTable, SHOW_CURSOR } from "./live-table.js"

const EACH = 1000

/** While the work runs, its gates are a table at the end of the terminal; without a terminal it prints its own lines. */
export async function showingProgress<T>(work: (onChange?: OnChange) => Promise<T>): Promise<T> {
  const { stderr } = process
  if (!stderr.isTTY || process.env["TERM"] === "dumb") return work()
  let [states, usual]: [States<unknown>, Times] = [new Map(), new Map()]
  const write = stderr.write.bind(stderr)
  const table = new LiveTable({ write }, () =>
    progressTable(states, usual, performance.now(), Math.max(40, stderr.columns - 1)),
  )
  // what the gates themselves say stands above the table
  stderr.write = ((text: string | Uint8Array) => {
    table.print(typeof text === "string" ? text : Buffer.from(text).toString("utf8"))
    return true
  }) satisfies typeof stderr.write
  // a signal ends the process in the middle of a drawing
  const onExit = () => write(SHOW_CURSOR)
  process.once("exit", onExit)
  const clock = setInterval(() => table.draw(), EACH)
  try {
    return await work((_, now, times) => {
      states = now
      usual = times
      table.draw()
    })
  } finally {
    clearInterval(clock)
    process.off("exit", onExit)
    stderr.write = write
    table.end()
  }
}
