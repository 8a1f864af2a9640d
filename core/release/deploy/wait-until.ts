import { wait } from "../monitor/watch.js"

export async function waitUntil(at: Date, signal: AbortSignal | undefined): Promise<void> {
  process.stderr.write(`Waiting until ${at.toISOString()}.\n`)
  // timers are limited to 24 days, --at to less
  await wait(Math.max(0, (at.getTime() - Date.now()) / 1000), signal)
}
