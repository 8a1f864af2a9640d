import type { NotificationName } from "../config/notifications.js"
import type { Notice } from "./message.js"

export type ChannelName = "slack" | "webhook" | "email"

/** One way to send notifications. */
export interface Channel {
  readonly name: ChannelName
  readonly events: readonly NotificationName[]
  /**
   * Makes one attempt.
   *
   * @param delivery the same for each attempt of one notice
   * @throws SendError, or a network error
   */
  send(notice: Notice, delivery: string, signal: AbortSignal): Promise<void>
}

/** A failed attempt. Its message contains no address, because addresses are secrets. */
export class SendError extends Error {
  /** Whether a retry may succeed. */
  readonly temporary: boolean
  /** Seconds from Retry-After; null without one. */
  readonly wait: number | null

  constructor(message: string, temporary: boolean, wait: number | null = null) {
    super(message)
    this.name = "SendError"
    this.temporary = temporary
    this.wait = wait
  }
}
