import type { Saved } from "../../core/ci/plan.js"
import { passedIn } from "../../core/ci/saved.js"
import type { Status } from "../../core/ci/status.js"
import { terminalText } from "../../core/shared/plain-text.js"
import { printError } from "../print-error.js"
import { onFirstSignal } from "../signals.js"

/** Where the saves come from. */
export interface Saves {
  /** The files of the next save, or of the one that came during a run; null: the signal came first. */
  next(end: AbortSignal): Promise<string[] | null>
  close(): Promise<void>
}

/** Most files that one line names. */
const NAMED = 5

/**
 * Runs once, and again after each save, until a signal comes while it waits. A signal during a run ends the process as it always does.
 *
 * @param onSignal sets what the next signal does
 */
export async function runAfterSaves(
  saves: Saves,
  run: (saved?: Saved) => Promise<Status>,
  onSignal: (work: (() => void) | null) => void = onFirstSignal,
): Promise<void> {
  const end = new AbortController()
  try {
    let passed = passedIn(await run())
    for (;;) {
      onSignal(() => end.abort())
      process.stderr.write("\nWaiting for a save. Ctrl-C ends.\n")
      const files = await saves.next(end.signal)
      if (files === null) return
      onSignal(null)
      process.stderr.write(`\nSaved: ${terminalText(namesOf(files))}\n`)
      passed = await passedAfter(() => run({ files, passed }))
    }
  } finally {
    await saves.close()
  }
}

/** What makes a run impossible, such as an error in tollgate.yaml, may be corrected by the next save: then all gates run. */
async function passedAfter(run: () => Promise<Status>): Promise<Saved["passed"]> {
  try {
    return passedIn(await run())
  } catch (error) {
    await printError(error, false)
    return new Set()
  }
}

function namesOf(files: readonly string[]): string {
  const more = files.length - NAMED
  return `${files.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}
