import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  screenLines
} from "./shared.core.presentation.columns.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/environment/screen.ts
function configScreen(result, where) {
  const head = [title(result), comparisons(result), ""];
  const foot = [...unused(result), "", verdictLine(result)];
  const room = screenLines - head.length - foot.length;
  for (const detail of [
    { fold: false, advise: true },
    { fold: true, advise: true },
    { fold: true, advise: false }
  ]) {
    const body2 = table(result, detail);
    if (body2.length <= room) return `${[...head, ...body2, ...foot].join("\n")}
`;
  }
  const body = table(result, { fold: true, advise: false });
  const more = fit(`\u2026 and ${body.length - room + 1} more lines: ${safe(where.report)}`, screenColumns);
  return `${[...head, ...body.slice(0, room - 1), more, ...foot].join("\n")}
`;
}
__name(configScreen, "configScreen");
function title({ tollgateVersion, environment }) {
  return line(`Tollgate ${tollgateVersion} \xB7 check-config \xB7 ${environment}`);
}
__name(title, "title");
function comparisons({ comparedWith, example }) {
  const done = [...comparedWith === null ? [] : [comparedWith], ...example ? [".env.example"] : []];
  const compared = done.length === 0 ? "" : `compared with ${done.join(" and ")}`;
  if (comparedWith !== null) return line(compared);
  return line(
    [compared, "not compared with another environment: --against=env:NAME"].filter((part) => part !== "").join("; ")
  );
}
__name(comparisons, "comparisons");
function table({ variables, file }, { fold, advise }) {
  const failed = variables.filter(({ problems }) => problems.length > 0);
  const shown = fold ? failed : variables;
  const passed = fold ? variables.filter(({ problems }) => problems.length === 0).map(({ name }) => name) : [];
  const titles = ["name", "needed", "source", "value", "verdict"];
  const rows = alignColumns([titles, ...shown.map(row)], ["left", "left", "left", "left", "left"]).map(
    (text) => fit(text, screenColumns)
  );
  return [
    ...rows[0] === void 0 ? [] : [rows[0]],
    ...shown.flatMap((variable, index) => [
      rows[index + 1] ?? "",
      ...variable.problems.flatMap((problem) => lines(problem, advise))
    ]),
    ...passed.length > 0 ? [line(`passed: ${passed.join(", ")}`)] : [],
    ...file.length > 0 ? ["the dotenv text", ...file.flatMap((problem) => lines(problem, advise))] : []
  ];
}
__name(table, "table");
function row({ name, need, source, shown, problems }) {
  const verdict = problems.length > 0 ? "FAILED" : source === "none" ? "not set" : "passed";
  return [line(name, 32), need, source === "none" ? "\u2013" : source, shown === "" ? "\u2013" : line(shown, 28), verdict];
}
__name(row, "row");
function lines({ code, message, next }, advise) {
  const said = `  ${code}: ${safe(message)}`;
  if (!advise) return [fit(said, screenColumns)];
  const both = `${said}; ${safe(next)}`;
  return fit(both, screenColumns) === both ? [both] : [fit(said, screenColumns), fit(`    ${safe(next)}`, screenColumns)];
}
__name(lines, "lines");
function unused({ unused: unused2 }) {
  if (unused2.length === 0) return [];
  const names = unused2.map(({ name, meant }) => meant === null ? name : `${name} (did you mean ${meant}?)`);
  return [
    "",
    line(`not used: ${names.join(", ")}`),
    ...unused2.flatMap(
      ({ name, problems }) => problems.map((problem) => line(`  ${problem.code}: ${name} ${problem.message}; ${problem.next}`))
    )
  ];
}
__name(unused, "unused");
function verdictLine({ environment, variables, comparedWith, verdict }) {
  if (verdict.kind === "failed")
    return safe(`FAILED: ${count(verdict.problems, "problem")} in the configuration of ${environment}`);
  const given = variables.filter(({ source }) => source === "given").length;
  const byDefault = variables.filter(({ source }) => source === "default").length;
  const apart = comparedWith === null ? "" : `; nothing shared with ${comparedWith}`;
  return safe(`PASSED: configuration of ${environment}: ${given} set, ${byDefault} by default${apart}`);
}
__name(verdictLine, "verdictLine");

export {
  configScreen
};
