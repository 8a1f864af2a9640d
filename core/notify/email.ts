import type { NotificationSettings } from "../config/notifications.js"
import { isLoopback } from "../database/address.js"
import { type Channel, SendError } from "./channel.js"
import { networkError } from "./http.js"
import { mailOf } from "./message.js"

/** Longest time for one step of the conversation, in milliseconds. */
const STEP_MS = 3000

/** nodemailer is loaded when a mail is sent: most calls send none. */
export function emailChannel({ from, to, on }: NonNullable<NotificationSettings["email"]>, url: URL): Channel {
  return {
    name: "email",
    events: on,
    send: async (notice, delivery, signal) => {
      signal.throwIfAborted()
      const { createTransport } = await import("nodemailer")
      const secure = url.protocol === "smtps:"
      const local = isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1"))
      const transport = createTransport({
        host: url.hostname,
        port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
        secure,
        // a password, and what a release is about, never go in clear to another machine
        requireTLS: !local,
        // a relay on this machine mostly has a certificate that nobody signed
        ignoreTLS: local,
        ...(url.username === "" ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
        connectionTimeout: STEP_MS,
        greetingTimeout: STEP_MS,
        socketTimeout: STEP_MS,
        dnsTimeout: STEP_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const stop = (): void => transport.close()
      signal.addEventListener("abort", stop, { once: true })
      try {
        await Promise.race([
          // the same id for each attempt: a mailbox shows it once
          transport.sendMail({ from, to: [...to], ...mailOf(notice), messageId: `<${delivery}@tollgate>`, date: new Date(notice.at) }),
          new Promise<never>((_, fail) => signal.addEventListener("abort", () => fail(new SendError("the time for notifications was over", false)), { once: true })),
        ])
      } catch (error) {
        throw mailError(error)
      } finally {
        signal.removeEventListener("abort", stop)
        transport.close()
      }
    },
  }
}

/** By the server's code alone: what it says repeats addresses. https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
function mailError(error: unknown): SendError {
  const status: unknown = typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : null
  if (typeof status === "number") return new SendError(status === 535 ? "it refuses the login (535)" : `it answered ${status}`, status >= 400 && status < 500)
  return networkError(error)
}
