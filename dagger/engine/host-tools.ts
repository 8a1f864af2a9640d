import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { TollgateError } from "../../core/shared/errors.js"
import { capture, run } from "./command.js"

/** What the engine needs of the machine itself, by the Debian package that has it. */
const tools: Record<string, string> = {
  debootstrap: "debootstrap",
  iptables: "iptables",
  ip: "iproute2",
  unshare: "util-linux",
  setpriv: "util-linux",
  pivot_root: "util-linux",
  tar: "tar",
}

// administrators' folders are missing in the PATH of some shells
const searched = () => [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"]

export function findProgram(name: string): string | undefined {
  return searched()
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

export function missingTools(
  has: (name: string) => boolean = (name) => findProgram(name) !== undefined,
): { tool: string; debianPackage: string }[] {
  return Object.entries(tools)
    .filter(([tool]) => !has(tool))
    .map(([tool, debianPackage]) => ({ tool, debianPackage }))
}

export async function installTools(log: string): Promise<void> {
  const packages = [...new Set(missingTools().map((missing) => missing.debianPackage))]
  if (packages.length === 0) return
  if (!findProgram("apt-get")) {
    throw new TollgateError(
      "engine.tools-missing",
      `These programs are missing: ${missingTools()
        .map((missing) => missing.tool)
        .join(", ")}.`,
      `Install them with your distribution's package manager (on Debian they are in: ${packages.join(", ")}).`,
    )
  }
  const apt = ["apt-get", "-o", "DPkg::Lock::Timeout=600"]
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  await run([...apt, "update", "-qq"], { log, env })
  await run([...apt, "install", "-y", "-qq", "--no-install-recommends", ...packages], { log, env })
}

export async function goVersion(): Promise<string | undefined> {
  return /go(\d+\.\d+(?:\.\d+)?)/.exec((await capture(["go", "version"])) ?? "")?.[1]
}

export function atLeast(version: string, needed: string): boolean {
  const [left, right] = [version, needed].map((text) => text.split(".").map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
