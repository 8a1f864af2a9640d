import { GateFailed } from "../gate/failed.js"
import type { DeployWork } from "../gate/work.js"
import { scanSource } from "./prove.js"
import { scanPassed } from "./result.js"
import { scanScreen } from "./screen.js"

export const deployWork: DeployWork = async ({ source, gateSecrets: secrets, stamp }) => {
  const { result } = await scanSource(source, { run: "", baseline: null, stamp, secrets, now: new Date() })
  if (!scanPassed(result))
    throw new GateFailed("scan", scanScreen(result, { report: "`tollgate scan` writes the full report" }))
  // null: no image was scanned
  if (result.image === null) return { kind: "done", note: "passed" }
  return { kind: "done", note: "passed", judged: { what: "image", words: "The scan read", digest: result.image } }
}
