import { createHash } from "node:crypto"
import { posix } from "node:path"
import type { ServicePlan } from "./plan.js"

/** What things are called on a host. */

export const PROXY = "tollgate-proxy"
/** Of the proxy, inside the Docker network alone. */
export const METRICS_PORT = 9100
/** Where a container finds its variables and what starts it. */
export const INSIDE = "/run/tollgate"
export const WEB = "web"

export const label = {
  service: "tollgate.service",
  release: "tollgate.release",
  process: "tollgate.process",
  version: "tollgate.version",
  image: "tollgate.image",
  config: "tollgate.config",
  colour: "tollgate.colour",
  job: "tollgate.job",
  /** Of the proxy: what it was started with. */
  settings: "tollgate.settings",
} as const

const RELEASE = /^[a-z0-9][a-z0-9-]{0,39}$/

/** It becomes part of paths and names, and comes from a ledger that others write to. */
export function requireReleaseId(id: string): string {
  if (!RELEASE.test(id))
    throw new RangeError(`${JSON.stringify(id)} is not a release id: lower-case letters, digits and -, at most 40`)
  return id
}

export function containerName({ service }: ServicePlan, process: string, release: string): string {
  return `${service}-${process}-${requireReleaseId(release)}`
}

export function jobName({ service }: ServicePlan, job: string, release: string): string {
  return `${service}-job-${job}-${requireReleaseId(release)}`
}

export function serviceFolder({ folder, service }: ServicePlan): string {
  return posix.join(folder, service)
}

export function releaseFolder(plan: ServicePlan, release: string): string {
  return posix.join(serviceFolder(plan), "releases", requireReleaseId(release))
}

/** Changes when the proxy would have to be started anew to be as configured. */
export function proxyFingerprint({ network, proxy }: ServicePlan): string {
  return createHash("sha256")
    .update(JSON.stringify([network, proxy.image, proxy.httpPort, proxy.httpsPort]))
    .digest("hex")
    .slice(0, 16)
}
