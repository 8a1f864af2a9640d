import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  monitorLine
} from "./shared.core.release.monitor.judge.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  alignColumns,
  fit,
  line,
  screenColumns
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  duration
} from "./shared.core.shared.figures.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/monitor/screen.ts
function monitorScreen({ service, environment, release, version: name, result }) {
  const { window, figures, kind } = result;
  const rows = [
    ["", "measured", "threshold", "before", ""],
    ...figures.map(({ name: name2, measured, asked, before, verdict }) => [
      name2,
      measured,
      asked,
      before,
      verdict === "failed" ? "FAILED" : verdict
    ])
  ];
  const words = { passed: "PASSED", failed: "FAILED", inconclusive: "INCONCLUSIVE" };
  return `${[
    line(`Tollgate ${version} \xB7 monitor \xB7 ${service} \xB7 ${environment} \xB7 ${name}, release ${release}`),
    "",
    line(`${count(window.requests, "request")} in ${duration(window.seconds)}`),
    "",
    ...alignColumns(rows, ["left", "left", "left", "left", "left"]).map((row) => fit(row, screenColumns)),
    "",
    line(`${words[kind]}: ${monitorLine(result).replace(/^(passed|inconclusive): /, "")}`)
  ].join("\n")}
`;
}
__name(monitorScreen, "monitorScreen");
export {
  monitorScreen
};
