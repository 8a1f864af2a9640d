import type { NotificationSettings } from "../config/notifications.js"
import { isLoopback } from "../database/connect/address.js"
import type { Channel, ChannelName } from "./channel.js"
import { emailChannel } from "./email.js"
import { slackChannel, webhookChannel } from "./http.js"
import { SHORTEST_SECRET } from "./signature.js"

export interface Channels {
  channels: Channel[]
  /** Channels of tollgate.yaml that cannot be used, and why. Contains names of secrets, never values. */
  unusable: { channel: ChannelName; why: string }[]
}

/**
 * Opens the channels of tollgate.yaml. An unusable channel does not stop a release.
 *
 * @param values variables of the secret --notify
 */
export function openChannels(settings: NotificationSettings, values: ReadonlyMap<string, string>): Channels {
  const found: Channels = { channels: [], unusable: [] }
  const add = (channel: ChannelName, open: () => Channel): void => {
    try {
      found.channels.push(open())
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      found.unusable.push({ channel, why: error.message })
    }
  }
  const { slack, webhook, email } = settings
  if (slack !== undefined) add("slack", () => slackChannel(slack, httpAddress(values, slack.url)))
  if (webhook !== undefined)
    add("webhook", () => {
      const url = httpAddress(values, webhook.url)
      const secret = required(values, webhook.secret)
      if (secret.length < SHORTEST_SECRET)
        throw new Unusable(`${webhook.secret} has fewer than ${SHORTEST_SECRET} characters`)
      return webhookChannel(webhook, url, secret)
    })
  if (email !== undefined) add("email", () => emailChannel(email, mailServer(values, email.url)))
  return found
}

class Unusable extends Error {}

function required(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name)?.trim()
  if (value === undefined || value === "") throw new Unusable(`--notify does not contain ${name}`)
  return value
}

function address(values: ReadonlyMap<string, string>, name: string): URL {
  const value = required(values, name)
  if (!URL.canParse(value)) throw new Unusable(`${name} is not a URL`)
  return new URL(value)
}

/** Webhook addresses are secrets, so plain http is allowed only to this machine and to a neighbour in the engine's network. */
function httpAddress(values: ReadonlyMap<string, string>, name: string): string {
  const url = address(values, name)
  const near = isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1")) || /^[a-z0-9-]+$/i.test(url.hostname)
  if (url.protocol !== "https:" && !(url.protocol === "http:" && near))
    throw new Unusable(`${name} is not an https address`)
  if (url.username !== "" || url.password !== "")
    throw new Unusable(`${name} contains a user or password, which webhooks do not use`)
  return url.href
}

function mailServer(values: ReadonlyMap<string, string>, name: string): URL {
  const url = address(values, name)
  if (!/^smtps?:$/.test(url.protocol) || url.hostname === "")
    throw new Unusable(`${name} is not smtp://USER:PASSWORD@HOST:PORT, or smtps://`)
  try {
    decodeURIComponent(url.username + url.password)
  } catch {
    throw new Unusable(`${name} has a % that is not followed by two hexadecimal digits`)
  }
  return url
}
