import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { environmentSettings } from "../../environment/check.js"
import type { Plan } from "./plan.js"

/**
 * What decides what runs, where, and how it is judged, in parts that a refusal can name. All of it is in a plan's id: an approval of one
 * host, command or threshold is none of another.
 */
export function boundSettings(settings: Settings, environment: string): Plan["settings"] {
  const { app, qa, image, scan, release, database } = settings
  const { target, gates, migrations, variables, ecpay, approvals, freeze, production } = environmentSettings(
    settings,
    environment,
  )
  const { proxy, ...where } = target.kind === "none" ? { ...target, proxy: null } : target
  const { processes, smoke, monitor, retain, version, name, before: _, ...health } = release
  return {
    processes: jsonOf({ name: serviceName(name, image.name), processes, port: image.port }),
    target: jsonOf(where),
    proxy: jsonOf(proxy),
    health: jsonOf({ ...health, path: release.healthPath ?? image.health, version }),
    smoke: jsonOf(smoke),
    monitor: jsonOf(monitor),
    retain: jsonOf(retain),
    gates: jsonOf({ gates, app, qa, image, scan, ecpay }),
    config: jsonOf(variables),
    database: jsonOf({ migrations, database }),
    rules: jsonOf({ approvals, freeze, production }),
  }
}

const json = z.json()

/** Without what is left out. */
function jsonOf(value: unknown): z.output<typeof json> {
  return json.parse(JSON.parse(JSON.stringify(value)))
}
