import { readFileSync } from "node:fs"
import { parseSettings, type Settings } from "../../core/config/parse.js"

/** The fixture, whose sandbox has an operator. */
export function operated(publicKey: string): Settings {
  const text = readFileSync(new URL("fixtures/deploy/tollgate.yaml", import.meta.url), "utf8")
  return parseSettings(
    text
      .replace(/ {2}guarded:[\s\S]*$/, "")
      // long enough that only an interruption ends it
      .replace("window: 4s", "window: 10m")
      .replace("  sandbox:\n", `  sandbox:\n    operators: [{ name: Mei Lin, key: "${publicKey}" }]\n`),
  )
}
