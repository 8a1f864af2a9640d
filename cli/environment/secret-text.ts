import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { TollgateError } from "../../core/errors.js"

/** What Dagger 0.21 can ask, besides the environment and files. */
const VAULTS = ["cmd", "op", "vault", "libsecret", "gcp", "aws+sm", "aws+ps"]

/**
 * A secret's text by where it is. What is on this machine (env:NAME, file:PATH) is read at once; for a vault (op://…, vault://…)
 * the engine is asked, which knows them.
 *
 * @param option the option that has the reference, for errors
 */
export async function secretText(reference: string, option: string): Promise<string> {
  const [, scheme = "", rest = ""] = /^([a-z+]+):(?:\/\/)?(.*)$/s.exec(reference) ?? []
  if (scheme === "env") return fromEnvironment(rest, option)
  if (scheme === "file") return fromFile(rest, option)
  if (VAULTS.includes(scheme)) return fromVault(reference)
  // what was meant may be the secret itself, and a URL has a scheme, too: it is not repeated
  throw new TollgateError(
    "secret-reference",
    `${option} does not say where the secret is.`,
    `Write ${option}=env:NAME, ${option}=file:PATH, op://… or vault://…; never the secret itself.`,
  )
}

function fromEnvironment(name: string, option: string): string {
  const text = process.env[name]
  if (text !== undefined) return text
  throw new TollgateError(
    "secret-missing",
    `${option} names an environment variable that is not set.`,
    "In CI, pass the secret on to the step as an environment variable of that name.",
  )
}

function fromFile(path: string, option: string): string {
  try {
    return readFileSync(path.replace(/^~(?=\/|$)/, homedir()), "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "it cannot be read"
    throw new TollgateError(
      "secret-missing",
      `${option} names a file that cannot be read: ${code}.`,
      "Paths are relative to the folder that the command runs in.",
    )
  }
}

async function fromVault(reference: string): Promise<string> {
  const [{ withEngine }, { secretFrom }] = await Promise.all([import("../engine/connect.js"), import("../gate/secret.js")])
  return withEngine({}, () => secretFrom(reference).plaintext())
}
