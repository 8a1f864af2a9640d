/** SIGINT, SIGTERM and SIGHUP stop this process and its children. A command that must undo something handles the first signal itself. */

const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const

/** Time limit to close engine sessions; their guard kills what is left. */
const orderlyMs = 5_000

let handler: (() => void) | null = null

/** The first signal calls this instead of stopping the process; a second one stops it. null: the first one stops it. */
export function onFirstSignal(work: (() => void) | null): void {
  handler = work
}

export function endCleanlyOnSignals(): void {
  for (const [signal, code] of SIGNALS) {
    process.on(signal, () => {
      const work = handler
      handler = null
      if (work !== null) return work()
      void (async () => {
        const { endRunningCommands } = await import("../dagger/engine/command.js")
        const { closeSessions } = await import("../dagger/engine/session/open.js")
        endRunningCommands()
        console.error(`\nInterrupted (${signal}). Finished steps are cached: run the same command again to continue.`)
        await closeSessions(orderlyMs)
        process.exit(code)
      })()
    })
  }
}
