import { readFileSync, statSync } from "node:fs"
import { parseSettings, type Settings } from "../../config/parse.js"
import { SETTINGS_FILE } from "../../config/settings-file.js"
import { codeOf } from "../../database/connect/session.js"
import { TollgateError } from "../../shared/errors.js"
import { plainText } from "../../shared/plain-text.js"

/** The settings as a page is made with them. */
export interface CurrentSettings {
  readonly settings: Settings
  /** What is wrong with the file as it is now: then the settings are the last good ones. null: nothing. */
  readonly invalid: InvalidSettings | null
}

export interface InvalidSettings {
  /** When it was first found wrong, by this process's clock. */
  readonly since: number
  readonly problems: readonly string[]
}

/** The same for as long as the dashboard runs. */
export function fixedSettings(settings: Settings): CurrentSettings {
  return { settings, invalid: null }
}

/** How often the file is looked at, in milliseconds. */
const LOOK_MS = 1000
/** Lines of an error that a page shows. */
const MOST_PROBLEMS = 20

/** The tollgate.yaml of the team, which is read again when it changes. A wrong one does not replace a good one. */
export class SettingsFile implements CurrentSettings {
  readonly #path: string
  readonly #now: () => number
  #settings: Settings
  #invalid: InvalidSettings | null = null
  #lookedAt = Number.NEGATIVE_INFINITY
  /** Tells one version of the file from another. */
  #stamp = ""

  /**
   * @param settings as the command has read them
   * @param now milliseconds since 1970
   */
  constructor(path: string, settings: Settings, now: () => number = Date.now) {
    this.#path = path
    this.#settings = settings
    this.#now = now
  }

  get settings(): Settings {
    this.#look()
    return this.#settings
  }

  get invalid(): InvalidSettings | null {
    this.#look()
    return this.#invalid
  }

  #look(): void {
    const now = this.#now()
    if (Math.abs(now - this.#lookedAt) < LOOK_MS) return
    this.#lookedAt = now
    try {
      const before = this.#stamp
      this.#stamp = ""
      const { mtimeMs, ctimeMs, size, ino } = statSync(this.#path)
      this.#stamp = `${mtimeMs} ${ctimeMs} ${size} ${ino}`
      if (this.#stamp !== before) this.#take(parseSettings(readFileSync(this.#path, "utf8"), SETTINGS_FILE), now)
    } catch (error) {
      this.#refuse(problemsOf(error), now)
    }
  }

  /** The pages are of one service: its history is read from the start on. */
  #take(settings: Settings, now: number): void {
    const { service } = settings.ledger
    if (service === this.#settings.ledger.service) {
      this.#settings = settings
      this.#invalid = null
    } else
      this.#refuse(
        [`The service is ${service} now (ledger.service, release.name or image.name). Restart the dashboard.`],
        now,
      )
  }

  #refuse(problems: readonly string[], now: number): void {
    this.#invalid = { since: this.#invalid?.since ?? now, problems }
  }
}

function problemsOf(error: unknown): string[] {
  if (!(error instanceof TollgateError)) {
    const code = codeOf(error)
    return [`${SETTINGS_FILE} cannot be read${code === null ? "" : `: ${code}`}`]
  }
  const [what = ""] = error.message.split("\n\n")
  const lines = plainText(what).split("\n")
  const more = lines.length - MOST_PROBLEMS
  return more > 0 ? [...lines.slice(0, MOST_PROBLEMS), `and ${more} more lines`] : lines
}
