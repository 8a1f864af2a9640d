import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Access } from "../../core/targets/kind.js"
import { traitsOf } from "../../core/targets/registry.js"
import type { SshIdentity } from "../../core/targets/ssh/access.js"
import { secretText } from "../environment/secret-text.js"
import { runningSandbox } from "./running-sandbox.js"

/** --ssh-key, else the machine's SSH agent. */
export async function identityOf(options: {
  sshKey?: string | undefined
  sshPassphrase?: string | undefined
}): Promise<SshIdentity | null> {
  const { sshKey, sshPassphrase } = options
  if (sshKey !== undefined) {
    const key = await secretText(sshKey, "--ssh-key")
    const passphrase =
      sshPassphrase === undefined ? null : (await secretText(sshPassphrase, "--ssh-passphrase")).replace(/\r?\n$/, "")
    return {
      kind: "key",
      key: () => Promise.resolve(key),
      passphrase: passphrase === null ? null : () => Promise.resolve(passphrase),
    }
  }
  const socket = process.env["SSH_AUTH_SOCK"]
  return socket === undefined || socket === "" ? null : { kind: "agent", socket }
}

export async function accessOf(
  options: { sshKey?: string | undefined; sshPassphrase?: string | undefined },
  registry: Access["registry"] = null,
): Promise<Access> {
  return { ssh: await identityOf(options), registry }
}

export async function optionalText(reference: string | undefined, option: string): Promise<string | null> {
  return reference === undefined ? null : await secretText(reference, option)
}

/** Hosts over SSH and a running sandbox need no engine: a rollback must not wait for one. */
export async function needsEngine(settings: Settings, environment: string): Promise<boolean> {
  return traitsOf(environmentSettings(settings, environment).target).inEngine && (await runningSandbox()) === null
}

/** Connects the engine only where the target needs it. */
export async function withPlace<T>(settings: Settings, environment: string, work: () => Promise<T>): Promise<T> {
  if (!(await needsEngine(settings, environment))) return await work()
  const { withEngine } = await import("../engine/connect.js")
  const { tools } = traitsOf(environmentSettings(settings, environment).target)
  return await withEngine({ tools: [...tools] }, work)
}
