import type { Settings } from "../../config/schema.js"
import { line } from "../../presentation/screen.js"
import { runId } from "../../qa/run-id.js"
import { TollgateError } from "../../shared/errors.js"
import { version } from "../../shared/version.js"
import type { Access } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import { openReleaseLedger } from "../ledger/open-ledger.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"

export interface MaintenanceRequest {
  readonly environment: string
  readonly on: boolean
  readonly message: string
  readonly who: string
  readonly access: Access
  readonly ledger: string | null
  readonly sandbox?: string
}

/** Turns maintenance mode on or off, and verifies it with a request. */
export async function setMaintenance(
  settings: Settings,
  { environment, on, message, who, access, ledger: url, sandbox }: MaintenanceRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<string> {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox)
  try {
    await place.target.maintenance(on ? { kind: "on", message } : { kind: "off" })
    const { maintenance } = await place.target.running()
    const path = askedPath(settings, on)
    const answer = await place.target.requestLive({ method: "GET", path })
    const said = answer.kind === "silent" ? answer.why : `answered ${answer.status}`
    const right =
      maintenance.kind === (on ? "on" : "off") &&
      answer.kind === "answered" &&
      (on ? answer.status === 503 : answer.status >= 200 && answer.status <= 299)
    if (!right)
      throw new TollgateError(
        "maintenance-not-seen",
        `Maintenance mode of ${environment} was turned ${on ? "on" : "off"}, but GET ${path} ${said}.`,
        "`tollgate status` shows what is running.",
      )
    const written = await writeDown()
    return `${[line(`Tollgate ${version} · maintenance · ${environment}`), "", line(`GET ${path} ${said}${on ? `: ${message}` : ""}`), ...(written === "" ? [] : [line(`warning: ${written}`)]), "", `MAINTENANCE ${on ? "ON" : "OFF"}: ${environment} is ${on ? "closed" : "open"}`].join("\n")}\n`
  } finally {
    await place.target.close()
  }

  async function writeDown(): Promise<string> {
    const opened = await openReleaseLedger(settings, place, entryPoint, url, "wanted", (text) => text)
    if (opened === null) return "no ledger: this change is not recorded"
    try {
      await opened.ledger.record(
        { service: settings.ledger.service, environment, release: null, run: runId(new Date()), token: null, who },
        { kind: "maintenance", on, message },
      )
      return opened.ledger.state.kind === "away"
        ? "the ledger is unreachable: the next run that reaches it records this change"
        : ""
    } finally {
      await opened.close()
    }
  }
}

/** In maintenance mode kamal-proxy itself answers the health path with 200, so that path proves nothing. */
function askedPath({ release, image }: Settings, on: boolean): string {
  const health = release.healthPath ?? image.health
  return on ? ([release.version?.path, "/"].find((path) => path !== undefined && path !== health) ?? "/closed") : health
}
