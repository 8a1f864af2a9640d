import { execFileSync } from "node:child_process"
import { relative, resolve, sep } from "node:path"
import { type FSWatcher, watch } from "chokidar"
import { TollgateError } from "../../core/shared/errors.js"
import { installedFolder, isLeftover } from "../../core/source/not-source.js"
import { gitEnvironment } from "../gate/git-repository.js"

/** Milliseconds without a further save, after which a run begins: editors write a file in several steps. */
const QUIET = 300

/** The files of a source that are saved, from when it is made until `close`. */
export class SavedFiles {
  readonly #folder: string
  readonly #report: string | null
  readonly #watcher: FSWatcher
  readonly #found = new Set<string>()
  #ready = false
  #quiet: NodeJS.Timeout | null = null
  #failure: TollgateError | null = null
  #wake: () => void = () => undefined

  /** @param report folder of the report, which a run itself writes */
  static async in(folder: string, report: string | false): Promise<SavedFiles> {
    const files = new SavedFiles(folder, report)
    await files.#waitUntil(() => files.#ready || files.#failure !== null)
    if (files.#failure === null) return files
    await files.close()
    throw files.#failure
  }

  private constructor(folder: string, report: string | false) {
    this.#folder = folder
    this.#report = report === false ? null : this.#inside(resolve(report))
    // a folder that Git ignores may have very many files
    const ignored = new Set(
      git(folder, ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"]),
    )
    const isIgnored = (path: string) => !mayBeSource(path, this.#report) || ignored.has(`${path}/`)
    this.#watcher = watch(folder, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => path !== folder && isIgnored(this.#inside(path)),
    })
      .on("all", (event, path) => {
        if (event === "add" || event === "change" || event === "unlink") this.#add(this.#inside(path))
      })
      .on("ready", () => {
        this.#ready = true
        this.#wake()
      })
      .on("error", (error) => {
        this.#failure ??= notWatched(folder, error)
        this.#wake()
      })
  }

  #inside(path: string): string {
    return relative(this.#folder, path).split(sep).join("/")
  }

  #add(path: string): void {
    this.#found.add(path)
    if (this.#quiet !== null) clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      this.#quiet = null
      this.#wake()
    }, QUIET)
  }

  async #waitUntil(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((wake) => (this.#wake = wake))
  }

  /** Waits for a save of a file that Git does not ignore, or takes the ones since the last call; null: the signal came first. */
  async next(end: AbortSignal): Promise<string[] | null> {
    const onEnd = () => this.#wake()
    end.addEventListener("abort", onEnd)
    try {
      for (;;) {
        const isQuiet = () => this.#found.size > 0 && this.#quiet === null
        await this.#waitUntil(() => isQuiet() || end.aborted || this.#failure !== null)
        if (this.#failure !== null) throw this.#failure
        if (end.aborted) return null
        const found = [...this.#found].sort()
        this.#found.clear()
        const ignored = new Set(git(this.#folder, ["check-ignore", "-z", "--stdin"], found.join("\0")))
        const kept = found.filter((path) => !ignored.has(path))
        if (kept.length > 0) return kept
      }
    } finally {
      end.removeEventListener("abort", onEnd)
    }
  }

  async close(): Promise<void> {
    if (this.#quiet !== null) clearTimeout(this.#quiet)
    await this.#watcher.close()
  }
}

/** By the name alone: what Git, an installation, an editor or Tollgate itself writes is not source. */
export function mayBeSource(path: string, report: string | null): boolean {
  if (/(^|\/)\.git(\/|$)/.test(path) || isLeftover(`${path}/`) || installedFolder(`${path}/`) !== null) return false
  if (/(^|\/)(\.#[^/]*|#[^/]*#|[^/]*~|4913|\.[^/]*\.sw[a-z])$/.test(path)) return false
  return report === null || !(path === report || path.startsWith(`${report}/`) || path.startsWith(`${report}.part-`))
}

/** The paths that git prints; none where there is no repository, or where it finds none. */
function git(folder: string, args: string[], input = ""): string[] {
  try {
    const printed = execFileSync("git", ["-C", folder, ...args], {
      encoding: "utf8",
      input,
      env: gitEnvironment(process.env),
      maxBuffer: 1 << 28,
      stdio: ["pipe", "pipe", "ignore"],
    })
    return printed.split("\0")
  } catch {
    return []
  }
}

function notWatched(folder: string, error: unknown): TollgateError {
  const why = error instanceof Error ? error.message : String(error)
  return new TollgateError(
    "watch-failed",
    `Could not watch the files of ${folder}: ${why}`,
    "On Linux, raise fs.inotify.max_user_watches, or have Git ignore folders that are not source. Or run without --watch.",
  )
}
