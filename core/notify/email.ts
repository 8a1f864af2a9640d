import type { NotificationSettings } from "../config/notifications.js"
import { isLoopback } from "../database/connect/address.js"
import { type Channel, SendError } from "./channel.js"
import { networkError } from "./http.js"
import { mailOf } from "./message.js"

/** Time limit of each SMTP step, in milliseconds. */
const STEP_MS = 3000

/** nodemailer is loaded only when a mail is sent. */
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
        // passwords and release details never go unencrypted to another machine
        requireTLS: !local,
        // a relay on this machine usually has a self-signed certificate
        ignoreTLS: local,
        ...(url.username === ""
          ? {}
          : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
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
          // the same id for each attempt, so that a mailbox shows the mail once
          transport.sendMail({
            from,
            to: [...to],
            ...mailOf(notice),
            messageId: `<${delivery}@tollgate>`,
            date: new Date(notice.at),
          }),
          new Promise<never>((_, fail) =>
            signal.addEventListener(
              "abort",
              () => fail(new SendError("the time limit for notifications expired", false)),
              { once: true },
            ),
          ),
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

/** Uses the reply code alone, because the server's text may contain addresses. https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
function mailError(error: unknown): SendError {
  const status: unknown =
    typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : null
  if (typeof status === "number")
    return new SendError(
      status === 535 ? "the server rejected the login (535)" : `the server answered ${status}`,
      status >= 400 && status < 500,
    )
  return networkError(error)
}
