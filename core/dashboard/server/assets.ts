import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { style } from "../../presentation/html-style.js"
import { dashboardStyle } from "../view/style.js"

export interface Asset {
  readonly type: string
  readonly text: string
}

/** All files that are served, by their path: nothing else of the disk can be asked for. idiomorph is npm's own file. */
export function assets(): ReadonlyMap<string, Asset> {
  const script = "text/javascript; charset=utf-8"
  const idiomorph = createRequire(import.meta.url).resolve("idiomorph/dist/idiomorph.min.js")
  return new Map([
    ["/assets/dashboard.css", { type: "text/css; charset=utf-8", text: style + dashboardStyle }],
    ["/assets/dashboard.js", { type: script, text: own("dashboard.js") + own("logs.js") + own("sign.js") }],
    ["/assets/idiomorph.js", { type: script, text: readFileSync(idiomorph, "utf8") }],
  ])
}

function own(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../browser/${name}`, import.meta.url)), "utf8")
}
