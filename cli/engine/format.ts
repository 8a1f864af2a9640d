import { humanBytes } from "../../dagger/engine/disk.js"
import type { EngineStatus } from "../../dagger/engine/status.js"

export function formatStatus(status: EngineStatus): string {
  return table([
    ["engine", `${status.state}, ${status.version}`],
    ...(status.pid === undefined ? [] : [["process", String(status.pid)] as const]),
    ...(status.upMs === undefined ? [] : [["running for", duration(status.upMs)] as const]),
    ["socket", status.socket],
    [
      "cache",
      status.cacheBytes === undefined
        ? "too large to measure here; use `tollgate doctor`"
        : humanBytes(status.cacheBytes),
    ],
    ["images", status.images.join(", ") || "none"],
  ])
}

export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`).join("\n")
}

export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  if (minutes < 120) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
