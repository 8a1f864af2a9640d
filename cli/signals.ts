/** SIGINT, SIGTERM and SIGHUP end this process and what it started. A command that has something to undo first takes the first one over. */

const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const

/** For the session with the engine; what is left then is killed by its guard. */
const orderlyMs = 5_000

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
        const { closeSessions } = await import("../dagger/engine/session/open.js")
        endRunningCommands()
        console.error(`\nInterrupted (${signal}). What was finished is kept: run the same command again to go on.`)
        await closeSessions(orderlyMs)
        process.exit(code)
      })()
    })
  }
}
