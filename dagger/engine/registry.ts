import type { NetworkPlan } from "./network-plan.js"

/** The room's registry, as the engine itself reaches it: no container does. */
export const roomRegistry = "127.0.0.1:5000"

const containersPort = 5001

/** The same registry as containers reach it, read-only: at the first address of their network, which is its bridge. */
export function registryAddress(plan: NetworkPlan): string {
  return `${plan.containers.replace(/\.0\/\d+$/, ".1")}:${containersPort}`
}

/** What the room's registry is configured by, for the engine and for its containers. Both serve the same files. */
export const registryConfigs = {
  "registry.yml": registryConfig(roomRegistry, "delete: {enabled: true}"),
  "registry-containers.yml": registryConfig(`0.0.0.0:${containersPort}`, "maintenance: {readonly: {enabled: true}}"),
}

function registryConfig(address: string, storage: string): string {
  return `version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: /var/lib/registry}, ${storage}}
http: {addr: "${address}"}
`
}
