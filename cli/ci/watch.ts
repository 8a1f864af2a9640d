import { execFileSync } from "node:child_process"
import { watch } from "node:fs"
import { relative, resolve, sep } from "node:path"
import { installedFolder, isLeftover } from "../../core/source/not-source.js"

/** Milliseconds without a further save, after which a run begins: editors write a file in several steps. */
const QUIET = 300

/** Files of a folder that were saved, as far as they are part of the source. */
export class SavedFiles {
  readonly #folder: string
  readonly #report: string | null
  readonly #found = new Set<string>()
  readonly #watcher: { close(): void }
  #told: (() => void) | null = null
  #timer: NodeJS.Timeout | undefined

  /** @param report folder of the report, which the run itself writes */
  constructor(folder: string, report: string | false) {
    this.#folder = folder
    this.#report = report === false ? null : relative(folder, resolve(report)).split(sep).join("/")
    this.#watcher = watch(folder, { recursive: true }, (_, name) => {
      if (name !== null) this.#add(name.split(sep).join("/"))
    })
  }

  #add(path: string): void {
    if (!mayBeSource(path, this.#report)) return
    this.#found.add(path)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#told?.(), QUIET)
  }

  /** Waits for a save of a file that Git does not ignore; null: the signal came first. */
  async next(signal: AbortSignal): Promise<string[] | null> {
    for (;;) {
      if (this.#found.size === 0) await this.#wait(signal)
      if (signal.aborted) return null
      const found = [...this.#found]
      this.#found.clear()
      const kept = withoutIgnored(this.#folder, found)
      if (kept.length > 0) return kept
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    await new Promise<void>((done) => {
      this.#told = done
      signal.addEventListener("abort", () => done(), { once: true })
    })
    this.#told = null
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#watcher.close()
  }
}

/** Editors' own files are told by their names, since Git need not know them. */
export function mayBeSource(path: string, report: string | null): boolean {
  const own =
    path === ".git" || path.startsWith(".git/") || isLeftover(`${path}/`) || installedFolder(`${path}/`) !== null
  const edited = /(^|\/)(\.#[^/]*|#[^/]*#|[^/]*~|4913|\.[^/]*\.sw[a-z])$/.test(path)
  const reported =
    report !== null && (path === report || path.startsWith(`${report}/`) || path.startsWith(`${report}.part-`))
  return !own && !edited && !reported
}

function withoutIgnored(folder: string, paths: readonly string[]): string[] {
  const ignored = new Set(ignoredBy(folder, paths))
  return paths.filter((path) => !ignored.has(path))
}

function ignoredBy(folder: string, paths: readonly string[]): string[] {
  try {
    const output = execFileSync("git", ["-C", folder, "check-ignore", "-z", "--stdin"], {
      input: paths.join("\0"),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    })
    return output.split("\0")
  } catch {
    // exit code 1: none of them; or there is no repository
    return []
  }
}
