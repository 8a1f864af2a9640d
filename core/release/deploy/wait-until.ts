import { wait } from "../monitor/watch.js"

export async function waitUntil(at: Date, signal: AbortSignal | undefined): Promise<void> {
  process.stderr.write(`waits until ${at.toISOString()}, then begins\n`)
  // a timer holds for 24 days at most; --at never reaches so far
  await wait(Math.max(0, (at.getTime() - Date.now()) / 1000), signal)
}
