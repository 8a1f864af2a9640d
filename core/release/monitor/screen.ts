import { alignColumns, fit } from "../../presentation/columns.js"
import { line, screenColumns } from "../../presentation/screen.js"
import { count, duration } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import { monitorLine } from "./judge.js"
import type { MonitorRun } from "./monitor.js"

/** The screen of the monitor: measured, threshold, and before. */
export function monitorScreen({ service, environment, release, version: name, result }: MonitorRun): string {
  const { window, figures, kind } = result
  const rows = [
    ["", "measured", "threshold", "before", ""],
    ...figures.map(({ name, measured, asked, before, verdict }) => [
      name,
      measured,
      asked,
      before,
      verdict === "failed" ? "FAILED" : verdict,
    ]),
  ]
  const words = { passed: "PASSED", failed: "FAILED", inconclusive: "INCONCLUSIVE" }
  return `${[
    line(`Tollgate ${version} · monitor · ${service} · ${environment} · ${name}, release ${release}`),
    "",
    line(`${count(window.requests, "request")} in ${duration(window.seconds)}`),
    "",
    ...alignColumns(rows, ["left", "left", "left", "left", "left"]).map((row) => fit(row, screenColumns)),
    "",
    line(`${words[kind]}: ${monitorLine(result).replace(/^(passed|inconclusive): /, "")}`),
  ].join("\n")}\n`
}
