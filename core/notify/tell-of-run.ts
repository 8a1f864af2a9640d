import type { Status } from "../ci/status.js"
import type { Settings } from "../config/schema.js"
import { safe } from "../presentation/screen.js"
import { readDotenv } from "../secrets/parse.js"
import { redactor } from "../secrets/redact.js"
import { openChannels } from "./channels.js"
import { ciNotice } from "./ci-notice.js"
import { messageOf } from "./message.js"
import { notifier } from "./notifier.js"

interface Run {
  /** null: the run left no report. */
  readonly status: Status | null
  /** Of the run before on the same branch; null: unknown. */
  readonly earlier: Status | null
  readonly branch: string
  readonly url: string
  /** Addresses of the channels in dotenv form. */
  readonly notify: string
}

/** Notifies the channels that a branch failed, or that it passes again, and returns the results. */
export async function tellOfRun(settings: Settings, { status, earlier, branch, url, notify }: Run): Promise<string> {
  const { service } = settings.ledger
  const notice = ciNotice(status, earlier, { service, branch, url, at: new Date().toISOString() })
  if (notice === null) return "Nothing to send: the verdict is the same as in the run before.\n"
  const { values } = readDotenv(notify)
  const told = notifier(
    openChannels(settings.notifications, values),
    settings.notifications.wait,
    redactor([...values.values()]),
  )
  told.tell(notice)
  const results = await told.settle()
  const lines = results.map(({ channel, sent, error }) =>
    safe(`${channel}: ${sent ? "sent" : `not sent: ${error ?? ""}`}`),
  )
  const none = `  no channel of tollgate.yaml is on for ${notice.event}`
  return `${[messageOf(notice).title, ...(lines.length === 0 ? [none] : lines.map((line) => `  ${line}`))].join("\n")}\n`
}
