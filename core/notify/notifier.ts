import { setTimeout as sleep } from "node:timers/promises"
import type { NotificationName } from "../config/notifications.js"
import type { Redact } from "../secrets/redact.js"
import type { Channel, ChannelName } from "./channel.js"
import type { Channels } from "./channels.js"
import { networkError, newDelivery } from "./http.js"
import type { Notice } from "./message.js"

export interface Notified {
  event: NotificationName
  channel: ChannelName
  sent: boolean
  attempts: number
  /** Why it was not sent, without an address; null when it was. */
  error: string | null
}

export interface Notifier {
  /** Starts to send, without waiting. Never throws. */
  tell(notice: Notice): void
  /** Waits for started notifications, at most `wait` seconds over all calls, and cancels the rest. Returns the result of each. Never throws. */
  settle(): Promise<Notified[]>
}

/** Pauses before the second, third and fourth attempt, in milliseconds. */
const PAUSES = [250, 750, 2000]

/** Time limit of all attempts of one notice, in milliseconds. The release continues meanwhile. */
const LONGEST_MS = 20_000

/**
 * @param wait seconds that all calls of `settle` together may wait: settings.notifications.wait
 * @param redact takes secrets out of reasons, causes and warnings; the other fields are identifiers
 * @param pauses tests pass shorter ones
 */
export function notifier(
  { channels, unusable }: Channels,
  wait: number,
  redact: Redact,
  pauses: readonly number[] = PAUSES,
): Notifier {
  const overall = new AbortController()
  const begun: Promise<Notified>[] = []
  let left = wait * 1000
  return {
    tell: (given) => {
      const warnings = given.warnings === undefined ? {} : { warnings: given.warnings.map(redact) }
      const notice = { ...given, ...warnings, why: redact(given.why), causes: given.causes.map(redact) }
      for (const channel of channels)
        if (channel.events.includes(notice.event)) begun.push(deliver(channel, notice, overall.signal, pauses))
      for (const { channel, why } of unusable)
        begun.push(Promise.resolve({ event: notice.event, channel, sent: false, attempts: 0, error: why }))
    },
    settle: async () => {
      const waiting = begun.splice(0)
      const before = performance.now()
      const timer = setTimeout(() => overall.abort(), left)
      try {
        return await Promise.all(waiting)
      } finally {
        clearTimeout(timer)
        left = Math.max(0, left - (performance.now() - before))
      }
    },
  }
}

async function deliver(
  channel: Channel,
  notice: Notice,
  overall: AbortSignal,
  pauses: readonly number[],
): Promise<Notified> {
  const signal = AbortSignal.any([overall, AbortSignal.timeout(LONGEST_MS)])
  const delivery = newDelivery()
  const outcome = (attempts: number, error: string | null): Notified => ({
    event: notice.event,
    channel: channel.name,
    sent: error === null,
    attempts,
    error,
  })
  const tooLate = (failure: string): string => `${failure}, and the time limit left no further attempt`
  let before: string | null = null
  for (let attempt = 1; ; attempt += 1) {
    try {
      await channel.send(notice, delivery, signal)
      return outcome(attempt, null)
    } catch (error) {
      const failure = networkError(error)
      const pause = pauses[attempt - 1]
      // the failure that used up the time says more than the time-out
      if (signal.aborted && before !== null) return outcome(attempt, tooLate(before))
      if (!failure.temporary || pause === undefined || signal.aborted) return outcome(attempt, failure.message)
      before = failure.message
      await pauseFor(Math.max(pause * (0.75 + Math.random() / 2), (failure.wait ?? 0) * 1000), signal)
      if (signal.aborted) return outcome(attempt, tooLate(failure.message))
    }
  }
}

/** Ends early when the time for all notifications is over. */
async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
