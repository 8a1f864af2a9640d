import { z } from "zod"
import { always, containerImage, entryOf, expected, isHost, mapping, text, withHint } from "./fields.js"
import { wholeNumber } from "./load-fields.js"

/** One kind of `environments.NAME.target` in tollgate.yaml. */
export interface TargetConfig {
  /** As errors name it, behind "is not for". */
  readonly name: string
  /** For the description of `type`. */
  readonly what: string
  /** What to do about a key of another kind. */
  readonly without: string
  /** Its own keys. Each is optional: another kind leaves it out. */
  readonly keys: z.core.$ZodShape
  /** Finds what is wrong with the mapping as a whole; it may not be right otherwise. */
  readonly check: (value: object, context: z.core.$RefinementCtx<unknown>) => void
}

/** Keys that every kind of target has. */

const proxy = mapping("a mapping with host, tls and ports", {
  host: text("a host name such as shop.example", /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])$/)
    .superRefine(isHost, always)
    .optional()
    .describe("Host name that the service answers to. When left out: to every one."),
  tls: z
    .boolean({ error: expected("true or false") })
    .prefault(false)
    .describe("Whether the proxy gets a certificate from Let's Encrypt and answers HTTPS. Needs host."),
  httpPort: wholeNumber(1, 65535).prefault(80).describe("Port of the host for HTTP."),
  httpsPort: wholeNumber(1, 65535).prefault(443).describe("Port of the host for HTTPS."),
  image: containerImage.prefault("basecamp/kamal-proxy:v0.9.2").describe("Container image of the proxy."),
}).superRefine((value, context) => {
  if (entryOf(value, "tls") === true && entryOf(value, "host") === undefined)
    context.addIssue({
      code: "custom",
      path: ["tls"],
      message: withHint("needs a host name", "add `host`: certificates are issued for a name"),
    })
}, always)

export const commonKeys = {
  network: text("a name of a Docker network", /^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
    .prefault("tollgate")
    .describe("Docker network of proxy and service. Created when it is not there."),
  folder: text("an absolute path", /^\/[A-Za-z0-9_./-]+$/)
    .prefault("/var/lib/tollgate")
    .describe("Folder of the host that Tollgate keeps the releases' variables in, for root alone."),
  proxy: proxy.prefault({}).describe("The proxy in front of the service."),
}

export interface ProxySettings {
  /** null: every one. */
  host: string | null
  tls: boolean
  httpPort: number
  httpsPort: number
  image: string
}

export interface CommonSettings {
  network: string
  folder: string
  proxy: ProxySettings
}

export function commonSettings({ network, folder, proxy }: z.output<z.ZodObject<typeof commonKeys>>): CommonSettings {
  return { network, folder, proxy: { ...proxy, host: proxy.host ?? null } }
}
