import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import type { Status } from "../../core/ci/status.js"
import { type History, readHistory, withRun } from "../../core/ci/times.js"

/** Times of earlier runs on this machine, by the folder of the source: $XDG_STATE_HOME/tollgate/ci. */
export class RunTimes {
  readonly #file: string

  constructor(source: string, env: NodeJS.ProcessEnv = process.env) {
    const state = env["XDG_STATE_HOME"] || join(homedir(), ".local/state")
    const name = createHash("sha256").update(source).digest("hex").slice(0, 16)
    this.#file = join(state, "tollgate/ci", `${name}.json`)
  }

  read(): History {
    return readHistory(existsSync(this.#file) ? readFileSync(this.#file, "utf8") : null)
  }

  /** A folder that cannot be written only costs the expected times of the next run. */
  add(status: Status): void {
    const part = `${this.#file}.${process.pid}`
    try {
      mkdirSync(dirname(this.#file), { recursive: true })
      writeFileSync(part, `${JSON.stringify(withRun(this.read(), status))}\n`)
      renameSync(part, this.#file)
    } catch {}
  }
}
