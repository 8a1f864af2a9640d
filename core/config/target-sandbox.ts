import type { CommonSettings, TargetConfig } from "./target-common.js"

/** `environments.NAME.target` of a host inside the engine: it has no keys of its own. */

export interface SandboxSettings extends CommonSettings {
  kind: "sandbox"
}

export const sandbox = {
  name: "the sandbox",
  what: "such a host inside the engine",
  without: "leave it out: Tollgate makes that host itself",
  keys: {},
  check: () => {},
  settings: (_written: object, common: CommonSettings): SandboxSettings => ({ kind: "sandbox", ...common }),
} satisfies TargetConfig & { settings: unknown }
