import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { TollgateError } from "../../shared/errors.js"
import type { Access } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import type { Traffic } from "../../targets/target.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { serviceVariables } from "../session/values.js"
import { type MonitorResult, type Reading, type Window, windowOf } from "./judge.js"
import { readFigures } from "./read.js"
import { watch } from "./watch.js"

export interface MonitorRequest {
  readonly environment: string
  /** Seconds; null: release.monitor.window. */
  readonly window: number | null
  readonly access: Access
  readonly secrets: (() => Promise<string>) | null
  readonly sandbox?: string
}

export interface MonitorRun {
  readonly service: string
  readonly environment: string
  readonly release: string
  readonly version: string
  readonly result: MonitorResult
}

/** Watches the live release for a window, next to everything that the proxy counted before. */
export async function monitorEnvironment(
  settings: Settings,
  { environment, window, access, secrets, sandbox }: MonitorRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<MonitorRun> {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox)
  try {
    const { live, maintenance } = await place.target.running()
    if (live.kind !== "live")
      throw new TollgateError(
        "monitor-nothing",
        `No release has the traffic of ${environment}: ${live.kind}.`,
        "`tollgate status` shows what is running.",
      )
    const { instance } = live
    const values = await serviceVariables(settings, environment, place.variables, secrets)
    const own = { ...settings.release.monitor, window: window ?? settings.release.monitor.window }
    const before = everythingBefore(await readFigures(place.target, instance, own, values))
    const result = await watch({ target: place.target, instance, settings: own, values, before, maintenance })
    return {
      service: serviceName(settings.release.name, settings.image.name),
      environment,
      release: instance.release,
      version: instance.version,
      result,
    }
  } finally {
    await place.target.close()
  }
}

/** Counters start at 0 with their process. */
function everythingBefore(now: Reading): Window {
  const nothing: Traffic = { at: now.traffic.at, requests: [], durations: [] }
  return windowOf({ traffic: nothing, payments: null, connections: null }, now)
}
