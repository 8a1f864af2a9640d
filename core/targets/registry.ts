import type { Settings } from "../config/schema.js"
import type { TargetByKind, TargetSettings } from "../config/target.js"
import { environmentSettings } from "../environment/check.js"
import { TollgateError } from "../shared/errors.js"
import { compose } from "./compose/kind.js"
import type { Access, OpenRequest, Place, TargetEntryPoint, TargetKind, TargetTraits } from "./kind.js"
import { sandbox } from "./sandbox/kind.js"

/** Every kind of target. `docs/add-a-target.md` says what belongs to one. */
const kinds: { readonly [Kind in keyof TargetByKind]: TargetKind<TargetByKind[Kind]> } = {
  compose,
  sandbox,
}

/** Of an environment without a target, which can only be asked for what it is not. */
const none: TargetTraits = { inEngine: false, tools: [], keepsLedger: false, migrates: "commands" }

export function traitsOf(target: TargetSettings): TargetTraits {
  return target.kind === "none" ? none : kinds[target.kind]
}

export async function openPlace(
  settings: Settings,
  environment: string,
  entryPoint: TargetEntryPoint,
  access: Access,
  sandbox?: string,
): Promise<Place> {
  const { target } = environmentSettings(settings, environment)
  if (target.kind === "none")
    throw new TollgateError(
      "target-none",
      `environments.${environment} of tollgate.yaml has no target.`,
      `Add environments.${environment}.target with its hosts. Only the environment sandbox works without.`,
    )
  return open(target.kind, { settings, environment, given: target, entryPoint, access, sandbox })
}

function open<Kind extends keyof TargetByKind>(kind: Kind, request: OpenRequest<TargetByKind[Kind]>): Promise<Place> {
  return kinds[kind].open(request)
}
