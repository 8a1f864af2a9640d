import { join } from "node:path"
import type { Home } from "../home.js"

/** Where the dagger CLI is kept that was downloaded: one folder for each version, so that its name alone says which it is. */
export function cliFolder(home: Home, version: string): string {
  return join(home.root, "cli", version)
}

export function cliPath(home: Home, version: string): string {
  return join(cliFolder(home, version), "dagger")
}

/** Dagger's own installer, into the folder where Tollgate looks. Unlike Node, curl goes through the proxy that the environment names. */
export function installCommand(home: Home, version: string): string {
  const folder = `'${cliFolder(home, version).replaceAll("'", `'\\''`)}'`
  return `curl -fsSL https://dl.dagger.io/dagger/install.sh | DAGGER_VERSION=${version.replace(/^v/, "")} BIN_DIR=${folder} sh`
}

/** Pure: the names that Dagger gives its archives. */
export function archiveName(version: string, platform: NodeJS.Platform, arch: string): string {
  return `dagger_${version}_${platform === "win32" ? "windows" : platform}_${arch === "x64" ? "amd64" : arch}.${platform === "win32" ? "zip" : "tar.gz"}`
}

export function downloadFolder(version: string, env: NodeJS.ProcessEnv): string {
  const mirror = env.TOLLGATE_DAGGER_MIRROR || "https://dl.dagger.io"
  return `${mirror.replace(/\/$/, "")}/dagger/releases/${version.replace(/^v/, "")}`
}

/** Pure: what checksums.txt says of one file. */
export function checksumOf(checksums: string, name: string): string | undefined {
  return checksums
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file === name || file === `*${name}`)?.[0]
}
