import { execFileSync } from "node:child_process"

/** What git prints, without blanks around it. Empty without Git, outside a repository, and where git fails. */
export function gitText(folder: string, ...args: string[]): string {
  try {
    return execFileSync("git", ["-C", folder, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim()
  } catch {
    return ""
  }
}
