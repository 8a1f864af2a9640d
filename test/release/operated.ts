import { readFileSync } from "node:fs"
import { parseSettings, type Settings } from "../../core/config/parse.js"

/** The fixture, as it is released before there is a policy. */
export function beforePolicy(): Settings {
  return parseSettings(fixture().replace("window: 4s", "window: 1s"))
}

/** The fixture, whose sandbox has an operator. */
export function operated(publicKey: string): Settings {
  return parseSettings(
    fixture()
      // long enough that only an interruption ends it
      .replace("window: 4s", "window: 10m")
      .replace("  sandbox:\n", `  sandbox:\n    operators: [{ name: Mei Lin, key: "${publicKey}" }]\n`),
  )
}

function fixture(): string {
  const text = readFileSync(new URL("fixtures/deploy/tollgate.yaml", import.meta.url), "utf8")
  return text.replace(/ {2}guarded:[\s\S]*$/, "")
}
