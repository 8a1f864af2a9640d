import type { NotificationName } from "../config/notifications.js"
import type { Notice } from "./message.js"

export type ChannelName = "slack" | "webhook" | "email"

/** One way to tell people. */
export interface Channel {
  readonly name: ChannelName
  readonly events: readonly NotificationName[]
  /**
   * One attempt.
   *
   * @param delivery the same for each attempt of one notice
   * @throws SendError, or whatever the network says
   */
  send(notice: Notice, delivery: string, signal: AbortSignal): Promise<void>
}

/** An attempt that failed, in words without an address: addresses are secrets. */
export class SendError extends Error {
  /** Whether another attempt may go better. */
  readonly temporary: boolean
  /** Seconds that the other side asks to wait; null: it does not say. */
  readonly wait: number | null

  constructor(message: string, temporary: boolean, wait: number | null = null) {
    super(message)
    this.name = "SendError"
    this.temporary = temporary
    this.wait = wait
  }
}
