import { readFileSync } from "node:fs"
import { parseSettings, type Settings } from "../../core/config/parse.js"

/** The fixture, as it is released before there is a policy. */
export function beforePolicy(): Settings {
  // a heartbeat may come late on a busy machine
  return parseSettings(fixture().replace("window: 4s", "window: 1s").replace("lease: 8s", "lease: 60s"))
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
