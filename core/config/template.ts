import type { z } from "zod"
import { nearest } from "../shared/nearest.js"
import { entryOf, keysOf, withHint } from "./fields.js"

/** Settings that name an address in parts: `DB_HOST: "{host}"`, `BROKER: "amqp://{services.broker.host}:{services.broker.port}"`. */

export const PLACEHOLDERS = ["host", "port", "user", "password", "database", "url"] as const

/** What stands in for each placeholder. */
export type Filling = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>

/** Where a service is reached. */
export interface ServiceAddress {
  host: string
  port: string
}

/** `{{name}}` is the text `{name}`. Other braces, as in JSON, are text. */
const PLACEHOLDER = /\{\{([A-Za-z_]\w*|services\.[\w.-]+)\}\}|\{([A-Za-z_]\w*|services\.[\w.-]+)\}/g
const OF_SERVICE = /^services\.([^.]+)\.(host|port)$/

function namesIn(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].flatMap(([, , name]) => (name === undefined ? [] : [name]))
}

/** Whether a value depends on the database that it is given for. */
export function isTemplate(value: string): boolean {
  return namesIn(value).length > 0
}

/** In a value that is a URL, what has a meaning there is written as %XX; elsewhere the parts stand as they are. */
export function fillTemplate(
  template: string,
  filling: Filling,
  services: ReadonlyMap<string, ServiceAddress> = new Map(),
): string {
  const inUrl = /:\/\//.test(template)
  return template.replace(PLACEHOLDER, (written, text: string | undefined, name: string | undefined) => {
    const [, service = "", part] = OF_SERVICE.exec(name ?? "") ?? []
    const address = services.get(service)
    if (address !== undefined) return part === "host" ? address.host : address.port
    const placeholder = PLACEHOLDERS.find((known) => known === name)
    if (placeholder === undefined) return text === undefined ? written : `{${text}}`
    const value = filling[placeholder]
    if (!inUrl || placeholder === "url") return value
    if (placeholder === "host") return value.includes(":") ? `[${value}]` : value
    return encodeURIComponent(value)
  })
}

/** What placeholders can be filled in from. */
export interface Available {
  /** Why there is no database; null: there is one. */
  missing: string | null
  /** Names of the services. */
  services: readonly string[]
}

/** Reports each placeholder that has no meaning. */
export function placeholdersAreKnown(
  value: unknown,
  path: readonly string[],
  available: Available,
  context: z.core.$RefinementCtx<unknown>,
): void {
  for (const name of keysOf(value)) {
    const written = entryOf(value, name)
    if (typeof written !== "string") continue
    for (const placeholder of new Set(namesIn(written))) {
      const message = problemOf(placeholder, available)
      if (message !== null) context.addIssue({ code: "custom", path: [...path, name], message })
    }
  }
}

function problemOf(placeholder: string, { missing, services }: Available): string | null {
  const asText = `write {{${placeholder}}} for the text {${placeholder}}`
  const ofServices = services.flatMap((name) => [`services.${name}.host`, `services.${name}.port`])
  if (ofServices.includes(placeholder)) return null
  if (PLACEHOLDERS.some((known) => known === placeholder))
    return missing === null ? null : withHint(`has the placeholder {${placeholder}}, but ${missing}`, asText)
  const named = placeholder.startsWith("services.")
  const [, service = "", part = "host"] = placeholder.split(".")
  const all = named ? ofServices : PLACEHOLDERS
  const meant = named ? nearestOfService(service, part, services) : nearest(placeholder, PLACEHOLDERS)
  const known =
    all.length === 0 ? "no services are known here" : `known here: ${all.map((name) => `{${name}}`).join(" ")}`
  return withHint(
    `has the unknown placeholder {${placeholder}}`,
    `${meant === null ? known : `did you mean {${meant}}?`}; ${asText}`,
  )
}

function nearestOfService(service: string, part: string, services: readonly string[]): string | null {
  const meant = services.includes(service) ? service : nearest(service, services)
  return meant === null ? null : `services.${meant}.${nearest(part, ["host", "port"]) ?? "host"}`
}
