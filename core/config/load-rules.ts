import type { z } from "zod"
import { count, duration as inWords } from "../shared/figures.js"
import { leastRequests } from "../shared/percentile.js"
import { entryOf, isMapping, keysOf, textsIn, withHint } from "./fields.js"
import type { ArrivalRate } from "./load-fields.js"
import { mostRequests, plannedRequests, plannedSeconds } from "./load-volume.js"
import { KNOWN, placeholdersIn, textsInJson } from "./placeholders.js"

/** Rules over several keys of the section `load`. They run on whatever is there: each looks only at what is already right. */

type Context = z.core.$RefinementCtx<unknown>

export function requestHasOneBody(scenario: unknown, context: Context): void {
  const method = entryOf(scenario, "method")
  const given = ["body", "json"].filter((key) => entryOf(scenario, key) !== undefined)
  const [first] = given
  if (first === undefined) return
  if (given.length === 2)
    context.addIssue({
      code: "custom",
      path: ["body"],
      message: withHint("is given beside json", "keep one of them"),
      params: { at: "key" },
    })
  else if (method === "GET" || method === "HEAD")
    context.addIssue({
      code: "custom",
      path: [first],
      message: withHint(`does not go with ${method}`, "add  method: POST"),
      params: { at: "key" },
    })
}

export function placeholdersAreKnown(scenario: unknown, context: Context): void {
  const headers = entryOf(scenario, "headers")
  const parts: [path: string[], texts: string[]][] = [
    [["path"], textsInJson(entryOf(scenario, "path"))],
    ...keysOf(headers).map((name): [string[], string[]] => [["headers", name], textsInJson(entryOf(headers, name))]),
    [["body"], textsInJson(entryOf(scenario, "body"))],
    [["json"], textsInJson(entryOf(scenario, "json"))],
  ]
  for (const [path, texts] of parts) {
    for (const { written } of texts.flatMap(placeholdersIn).filter(({ known }) => !known)) {
      context.addIssue({
        code: "custom",
        path,
        message: withHint(`has the unknown placeholder ${written}`, `known here: ${KNOWN}`),
      })
    }
  }
}

export function pathHasNoSecret(path: unknown, context: Context): void {
  if (typeof path !== "string" || placeholdersIn(path).every(({ secret }) => secret === null)) return
  context.addIssue({
    code: "custom",
    message: withHint("has a secret in it: addresses end in the logs of servers and proxies", "send it in a header"),
  })
}

/** Headers that carry credentials. */
const CREDENTIAL = /^(?:proxy-)?authorization$|^cookie$|api-?key|token|secret|password/i

export function credentialsAreSecrets(headers: unknown, context: Context): void {
  for (const name of keysOf(headers)) {
    const value: unknown = entryOf(headers, name)
    if (
      typeof value !== "string" ||
      !CREDENTIAL.test(name) ||
      placeholdersIn(value).some(({ secret }) => secret !== null)
    )
      continue
    const message = withHint(
      "is a credential: its value must not be in a file",
      "list a name for it in load.secrets, and write {{secret.NAME}} here",
    )
    context.addIssue({ code: "custom", path: [name], message })
  }
}

export function secretsAreUsed(load: unknown, context: Context): void {
  const scenarios = entryOf(load, "scenarios")
  const listed = textsIn(entryOf(load, "secrets"))
  const used = new Set<string>()
  for (const name of keysOf(scenarios)) {
    const scenario = entryOf(scenarios, name)
    for (const key of ["headers", "body", "json"]) {
      for (const { secret } of textsInJson(entryOf(scenario, key)).flatMap(placeholdersIn)) {
        if (secret === null) continue
        used.add(secret)
        if (listed.some(([, one]) => one === secret)) continue
        context.addIssue({
          code: "custom",
          path: ["scenarios", name, key],
          message: withHint(
            `uses the secret ${secret}, which load.secrets does not list`,
            `add ${secret} to load.secrets`,
          ),
        })
      }
    }
  }
  for (const [index, secret] of listed) {
    if (used.has(secret)) continue
    context.addIssue({
      code: "custom",
      path: ["secrets", index],
      message: withHint(
        "is used by no scenario",
        `write {{secret.${secret}}} into a header or a body, or leave it out`,
      ),
    })
  }
}

export function thresholdsCanBeJudged(load: unknown, context: Context): void {
  const timeout = entryOf(load, "timeout")
  const scenarios = entryOf(load, "scenarios")
  for (const name of keysOf(scenarios)) {
    const scenario = entryOf(scenarios, name)
    const thresholds = entryOf(scenario, "thresholds")
    const path = (key: string) => ["scenarios", name, "thresholds", key]
    for (const key of ["p50", "p90", "p95", "p99", "max"]) {
      const asked = entryOf(thresholds, key)
      if (typeof asked !== "number") continue
      if (typeof timeout === "number" && asked >= timeout) {
        const message = withHint(
          "is not below load.timeout, as which a request without a right answer counts",
          `ask for less than ${inWords(timeout / 1000)}, or raise load.timeout`,
        )
        context.addIssue({ code: "custom", path: path(key), message })
      }
      const planned = measuredRequests(scenario)
      const least = key === "max" ? 1 : leastRequests(Number(key.slice(1)))
      if (planned !== null && planned < least) {
        const message = withHint(
          `cannot be judged by ${count(planned, "request")}: ${key} needs ${least}`,
          "raise rate or duration, or ask for a lower percentile",
        )
        context.addIssue({ code: "custom", path: path(key), message })
      }
    }
    if (measuredRequests(scenario) === 0)
      context.addIssue({
        code: "custom",
        path: ["scenarios", name, "rate"],
        message: withHint("sends no request within the duration", "raise rate or duration"),
      })
  }
}

export function planIsWithinLimits(load: unknown, context: Context): void {
  const warmUp = entryOf(load, "warmUp")
  const scenarios = entryOf(load, "scenarios")
  if (typeof warmUp !== "number") return
  const flows = keysOf(scenarios).flatMap((name) => {
    const flow = flowOf(entryOf(scenarios, name))
    return flow === null ? [] : [flow]
  })
  const requests = flows.reduce((sum, flow) => sum + mostRequests(flow.rate, warmUp, flow.duration), 0)
  const most = entryOf(load, "maxRequests")
  if (typeof most === "number" && requests > most) {
    const message = withHint(
      `is ${most}, and the scenarios would send up to ${requests}`,
      "lower a rate or a duration, or raise maxRequests",
    )
    context.addIssue({ code: "custom", path: ["maxRequests"], message })
  }
  const seconds = plannedSeconds(
    flows.map(({ duration }) => duration),
    warmUp,
  )
  const longest = entryOf(load, "maxTime")
  if (typeof longest === "number" && seconds > longest) {
    const message = withHint(
      `is ${inWords(longest)}, and the scenarios would take ${inWords(seconds)}`,
      "lower a duration, or raise maxTime",
    )
    context.addIssue({ code: "custom", path: ["maxTime"], message })
  }
}

/** A variable that says where the service's own database is must not lead the load to another one. */
export function loadLeavesServicesAlone(settings: unknown, context: Context): void {
  const [image, qa, load] = [entryOf(settings, "image"), entryOf(settings, "qa"), entryOf(settings, "load")]
  const place = entryOf(image, "services") === undefined ? "qa.services" : "image.services"
  const services = entryOf(image, "services") ?? entryOf(qa, "services")
  for (const service of ["postgres", "redis"]) {
    const name = entryOf(entryOf(services, service), "env")
    if (typeof name !== "string" || !keysOf(entryOf(load, "env")).includes(name)) continue
    context.addIssue({
      code: "custom",
      path: ["load", "env", name],
      message: withHint(`is set by ${place}.${service}`, "leave it out"),
      params: { at: "key" },
    })
  }
}

function measuredRequests(scenario: unknown): number | null {
  const flow = flowOf(scenario)
  return flow === null ? null : plannedRequests(flow.rate, flow.duration)
}

function flowOf(scenario: unknown): { rate: ArrivalRate; duration: number } | null {
  const rate = entryOf(scenario, "rate")
  const duration = entryOf(scenario, "duration")
  const [count, seconds] = [entryOf(rate, "count"), entryOf(rate, "seconds")]
  if (!isMapping(rate) || typeof count !== "number" || typeof seconds !== "number" || typeof duration !== "number")
    return null
  return { rate: { count, seconds }, duration }
}
