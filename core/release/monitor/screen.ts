import { alignColumns, fit } from "../../report/columns.js"
import { count, duration } from "../../report/figures.js"
import { line, screenColumns } from "../../report/screen.js"
import { version } from "../../version.js"
import { monitorLine } from "./judge.js"
import type { MonitorRun } from "./monitor.js"

/** What was measured in the window, what is asked, and what was measured before. */
export function monitorScreen({ service, environment, release, version: name, result }: MonitorRun): string {
  const { window, figures, kind } = result
  const rows = [["", "measured", "asked", "before", ""], ...figures.map(({ name, measured, asked, before, verdict }) => [name, measured, asked, before, verdict === "broken" ? "BROKEN" : verdict])]
  const words = { good: "GOOD", broken: "RED: broken", inconclusive: "INCONCLUSIVE" }
  return `${[
    line(`Tollgate ${version} · monitor · ${service} · ${environment} · ${name}, release ${release}`),
    "",
    line(`${count(window.requests, "request")} in ${duration(window.seconds)}`),
    "",
    ...alignColumns(rows, ["left", "left", "left", "left", "left"]).map((row) => fit(row, screenColumns)),
    "",
    line(`${words[kind]}: ${monitorLine(result).replace(/^(good|inconclusive): /, "")}`),
  ].join("\n")}\n`
}
