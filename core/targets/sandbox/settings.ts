import type { Settings } from "../../config/schema.js"
import type { SandboxSettings } from "../../config/target-sandbox.js"
import { environmentSettings } from "../../environment/check.js"
import { TollgateError } from "../../shared/errors.js"
import { SANDBOX } from "./service.js"

/** Of the environment that the sandbox is for, unless tollgate.yaml gave it another target. */
export function sandboxSettings(settings: Settings): SandboxSettings {
  const { target } = environmentSettings(settings, SANDBOX)
  if (target.kind === "sandbox") return target
  throw new TollgateError(
    "sandbox-target",
    "environments.sandbox has a target.",
    "Remove `target` from environments.sandbox: Tollgate makes the sandbox itself.",
  )
}
