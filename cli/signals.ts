/** What the machine tells this process to do: end. A command that has something to take back first says so here. */

const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const

let takenOver: (() => void) | null = null

/** The first signal calls this instead of ending the process; a second one ends it. */
export function onFirstSignal(work: () => void): void {
  takenOver = work
}

export function endCleanlyOnSignals(): void {
  for (const [signal, code] of SIGNALS) {
    process.on(signal, () => {
      const work = takenOver
      takenOver = null
      if (work !== null) return work()
      void (async () => {
        const { endRunningCommands } = await import("../dagger/engine/command.js")
        endRunningCommands()
        console.error(`\nInterrupted (${signal}). What was finished is kept: run the same command again to go on.`)
        process.exit(code)
      })()
    })
  }
}
