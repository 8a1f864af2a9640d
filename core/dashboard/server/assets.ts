import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { style } from "../../presentation/html-style.js"
import { chartStyle } from "../view/chart-style.js"
import { dashboardStyle } from "../view/style.js"

export interface Asset {
  readonly type: string
  readonly text: string
}

/** All files that are served, by their path: nothing else of the disk can be asked for. Those of idiomorph and uPlot are npm's own. */
export function assets(): ReadonlyMap<string, Asset> {
  const [script, css] = ["text/javascript; charset=utf-8", "text/css; charset=utf-8"]
  const { resolve } = createRequire(import.meta.url)
  const npm = (path: string) => readFileSync(resolve(path), "utf8")
  return new Map([
    ["/assets/dashboard.css", { type: css, text: style + dashboardStyle }],
    ["/assets/dashboard.js", { type: script, text: own("dashboard.js") + own("logs.js") + own("sign.js") }],
    ["/assets/idiomorph.js", { type: script, text: npm("idiomorph/dist/idiomorph.min.js") }],
    ["/assets/charts.css", { type: css, text: npm("uplot/dist/uPlot.min.css") + chartStyle }],
    ["/assets/charts.js", { type: script, text: own("chart-data.js") + own("chart-paint.js") + own("chart.js") }],
    ["/assets/uplot.js", { type: script, text: npm("uplot/dist/uPlot.iife.min.js") }],
  ])
}

function own(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../browser/${name}`, import.meta.url)), "utf8")
}
