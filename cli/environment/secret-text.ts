import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { TollgateError } from "../../core/shared/errors.js"

/** Secret providers of Dagger 0.21, besides environment variables and files. */
const VAULTS = ["cmd", "op", "vault", "libsecret", "gcp", "aws+sm", "aws+ps"]

/**
 * Reads a secret by its reference. Variables and files of this machine (env:NAME, file:PATH) are read directly, and vaults (op://…,
 * vault://…) through the engine.
 *
 * @param option the option with the reference, for errors
 */
export async function secretText(reference: string, option: string): Promise<string> {
  const [, scheme = "", rest = ""] = /^([a-z+]+):(?:\/\/)?(.*)$/s.exec(reference) ?? []
  if (scheme === "env") return fromEnvironment(rest, option)
  if (scheme === "file") return fromFile(rest, option)
  if (VAULTS.includes(scheme)) return fromVault(reference)
  // not repeated, because it may be the secret itself
  throw new TollgateError(
    "secret-reference",
    `${option} is not a reference to a secret.`,
    `Pass ${option}=env:NAME, ${option}=file:PATH, op://… or vault://…, and never the secret itself.`,
  )
}

function fromEnvironment(name: string, option: string): string {
  const text = process.env[name]
  if (text !== undefined) return text
  throw new TollgateError(
    "secret-missing",
    `The environment variable of ${option} is not set.`,
    "Set it. In CI, pass the secret to the step as an environment variable of that name.",
  )
}

function fromFile(path: string, option: string): string {
  try {
    return readFileSync(path.replace(/^~(?=\/|$)/, homedir()), "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    throw new TollgateError(
      "secret-missing",
      `Could not read the file of ${option}: ${code}.`,
      "Check the path. It is relative to the folder that the command runs in.",
    )
  }
}

async function fromVault(reference: string): Promise<string> {
  const [{ withEngine }, { secretFrom }] = await Promise.all([
    import("../engine/connect.js"),
    import("../gate/secret.js"),
  ])
  return withEngine({}, () => secretFrom(reference).plaintext())
}
