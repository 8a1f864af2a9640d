import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import type { ProxySettings } from "../../config/target-common.js"
import type { FenceRule } from "../fence.js"

/** What is the same on every host of an environment. */
export interface ServicePlan {
  /** Name of the service: part of the names of its containers. */
  service: string
  network: string
  folder: string
  proxy: ProxySettings
  port: number
  healthPath: string
  healthSeconds: number
  drainSeconds: number
  retain: { releases: number; running: number }
  /** null: the image's own command. */
  webCommand: readonly string[] | null
  workers: readonly WorkerPlan[]
  /** What changes are allowed by; null: they belong to no release, such as the sandbox's own services. */
  fence: FenceRule | null
}

export interface WorkerPlan {
  name: string
  command: readonly string[]
}

export function planOf(
  { release, image }: Settings,
  target: { network: string; folder: string; proxy: ProxySettings },
): ServicePlan {
  const { web, ...workers } = release.processes
  return {
    service: serviceName(release.name, image.name),
    network: target.network,
    folder: target.folder,
    proxy: target.proxy,
    port: image.port,
    healthPath: release.healthPath ?? image.health,
    healthSeconds: release.healthTimeout,
    drainSeconds: release.drain,
    retain: release.retain,
    webCommand: web?.command ?? null,
    workers: Object.entries(workers).map(([name, { command }]) => ({ name, command })),
    fence: null,
  }
}
