import { z } from "zod"
import { always, distinct, entryOf, environmentName, expected, mapping, some, text, withHint } from "./fields.js"

export const NOTIFICATIONS = [
  "start",
  "success",
  "failure",
  "rollback",
  "approval-needed",
  "break-glass",
  "ci-failed",
  "ci-recovered",
] as const
export type NotificationName = (typeof NOTIFICATIONS)[number]

const events = distinct(
  "a list of notifications",
  z.enum(NOTIFICATIONS, {
    error: expected(`one of ${NOTIFICATIONS.join(", ")}`, (input) => {
      const meant = NOTIFICATIONS.find(
        (name) => typeof input === "string" && input.length >= 3 && name.startsWith(input.toLowerCase().slice(0, 3)),
      )
      return meant === undefined ? null : `write ${meant}`
    }),
  }),
)

const ADDRESS = /^[^\s@<>"]+@[^\s@<>"]+$/
const mailAddress = text("an e-mail address such as releases@shop.example", ADDRESS)

const on = events.prefault([...NOTIFICATIONS]).describe(`What is told: ${NOTIFICATIONS.join(", ")}.`)

const slack = mapping("a mapping with url and on", {
  url: environmentName
    .prefault("SLACK_WEBHOOK_URL")
    .describe("Name in --notify whose value is the address of the webhook: it is a secret."),
  on,
})

const webhook = mapping("a mapping with url, secret and on", {
  url: environmentName
    .prefault("NOTIFY_WEBHOOK_URL")
    .describe("Name in --notify whose value is the address of the webhook: it is a secret."),
  secret: environmentName
    .prefault("NOTIFY_WEBHOOK_SECRET")
    .describe("Name in --notify whose value is what each request is signed with, 32 characters or more."),
  on,
})

const email = mapping("a mapping with url, from, to and on", {
  url: environmentName
    .prefault("NOTIFY_SMTP_URL")
    .describe("Name in --notify whose value is smtp://USER:PASSWORD@HOST:PORT, or smtps://."),
  from: mailAddress.describe("Sender."),
  to: some("a list of e-mail addresses", mailAddress, "lists no address").describe("Receivers."),
  on,
})

const longest = expected("a whole number of seconds from 1 to 10")

export const notifications = mapping("a mapping of slack, webhook and email", {
  slack: slack
    .optional()
    .describe("A webhook that takes Slack's messages: Slack, Mattermost, Discord with /slack. When left out: none."),
  webhook: webhook.optional().describe("A webhook that takes JSON, signed with HMAC-SHA256. When left out: none."),
  email: email.optional().describe("E-mail over SMTP. When left out: none."),
  wait: z
    .number({ error: longest })
    .int({ error: longest })
    .min(1, { error: longest })
    .max(10, { error: longest })
    .prefault(4)
    .describe("Longest time in seconds that a command waits for notifications, all of them together."),
}).superRefine((given, context) => {
  const webhookGiven = entryOf(given, "webhook")
  const [url, secret] = [entryOf(webhookGiven, "url"), entryOf(webhookGiven, "secret")]
  if (typeof url === "string" && url === secret)
    context.addIssue({
      code: "custom",
      path: ["webhook", "secret"],
      message: withHint("is the name of the address as well", "two values have two names"),
    })
}, always)

export type NotificationSettings = z.output<typeof notifications>
