import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { isRead, type RepositoryFiles } from "../../core/init/repository.js"

/** Above this, a file is no manifest, but data. */
const LARGEST = 4 << 20
const NEVER = new Set([".git", "node_modules", ".venv", "venv", "__pycache__", "tollgate-report"])

/** The files of a folder, without what git ignores. */
export function readRepository(folder: string): RepositoryFiles {
  const paths = listed(folder)
  const texts = new Map<string, string>()
  for (const path of paths.filter(isRead)) {
    const place = join(folder, path)
    if (statSync(place, { throwIfNoEntry: false })?.isFile() === true && statSync(place).size <= LARGEST)
      texts.set(path, readFileSync(place, "utf8"))
  }
  return { paths, texts }
}

function listed(folder: string): string[] {
  try {
    const output = execFileSync("git", ["-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    })
    return output.split("\0").filter((path) => path !== "" && !path.split("/").some((part) => NEVER.has(part)))
  } catch {
    return walked(folder)
  }
}

/** A folder that is no repository yet. */
function walked(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`
    if (NEVER.has(entry.name)) return []
    return entry.isDirectory() ? walked(folder, path) : entry.isFile() ? [path] : []
  })
}
