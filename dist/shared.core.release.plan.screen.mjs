import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  duration,
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/plan/screen.ts
function planScreen(plan, approvals) {
  const head = [
    line(`Tollgate ${version} \xB7 plan \xB7 ${plan.service} \xB7 ${plan.environment} \xB7 ${moment(plan.createdAt)}`),
    "",
    ...image(plan),
    ...config(plan),
    ...bound(plan)
  ];
  const migrations = migrationLines(plan);
  const foot = [
    "",
    ...checks(plan),
    line(`expected duration: ${expected(plan)}`),
    line(`requires: ${approval(plan, approvals)}`),
    "",
    line(`PLAN: ${plan.id}`)
  ];
  const room = Math.max(4, screenLines - head.length - foot.length - 2);
  const commits = commitLines(plan);
  const forMigrations = folded(migrations, Math.max(2, room - Math.min(commits.length, room >> 1)));
  const body = [...forMigrations, ...folded(commits, room - forMigrations.length)];
  return `${[...head, ...body.length === 0 ? [] : ["", ...body], ...foot].join("\n")}
`;
}
__name(planScreen, "planScreen");
function folded(lines, room) {
  if (lines.length <= room) return [...lines];
  return [...lines.slice(0, room - 1), `  \u2026 and ${lines.length - room + 1} more in plan.json`];
}
__name(folded, "folded");
function image({ image: { now, next } }) {
  const rows = [
    ["image now", now === null ? "nothing deployed yet" : `${shortDigest(now.digest)} ${now.reference}`],
    ["image next", `${shortDigest(next.digest)} ${next.reference}${now?.digest === next.digest ? " (unchanged)" : ""}`]
  ];
  return table(rows);
}
__name(image, "image");
function config({ config: { added, removed, changed } }) {
  const names = [...added.map((name) => `+ ${name}`), ...removed.map((name) => `- ${name}`)];
  const said = names.length > 0 ? names.join(" ") : changed === null ? "previous configuration not known" : changed ? "same names; a value changed" : "unchanged";
  return table([["config", said]]);
}
__name(config, "config");
var processes = external_exports.object({ processes: external_exports.record(external_exports.string(), external_exports.object({ command: external_exports.array(external_exports.string()) })) });
var where = external_exports.object({
  hosts: external_exports.array(external_exports.union([external_exports.string(), external_exports.object({ host: external_exports.string(), port: external_exports.int() })])),
  user: external_exports.string().optional()
});
function bound({ settings, settingsChanged }) {
  const { web, ...workers } = processes.safeParse(settings["processes"]).data?.processes ?? {};
  const runs = [
    web === void 0 ? "the image's own command" : web.command.join(" "),
    ...Object.entries(workers).map(([name, { command }]) => `${name}: ${command.join(" ")}`)
  ];
  const target = where.safeParse(settings["target"]).data;
  const hosts = target?.hosts.map(
    (one) => typeof one === "string" ? one : `${one.host}${one.port === 22 ? "" : `:${one.port}`}`
  );
  const changed = settingsChanged ?? [];
  return [
    ["runs", runs.join("; ")],
    [
      "where",
      hosts === void 0 ? "sandbox" : `${hosts.join(", ")}${target?.user === void 0 ? "" : ` as ${target.user}`}`
    ],
    ...changed.length === 0 ? [] : [["changed", `settings that differ from the live release: ${changed.join(", ")}`]]
  ].flatMap(
    ([label, text]) => (
      // the end of a command must not be hidden by its length
      wrapWords(safe(text), screenColumns - LABEL, MOST_LINES).map(
        (part, index) => (index === 0 ? label : "").padEnd(LABEL) + part
      )
    )
  );
}
__name(bound, "bound");
var LABEL = 9;
var MOST_LINES = 6;
function migrationLines({ environment, migrations, migrationsKnown, commands }) {
  const before = commands.map((command) => fit(`  runs before the start: ${safe(command)}`, screenColumns));
  if (!migrationsKnown)
    return [line(`migrations: skipped: environments.${environment}.migrations is "commands"`), ...before];
  if (migrations.length === 0) return [line("migrations: none"), ...before];
  return [
    line(`migrations: ${migrations.length}`),
    ...table(
      migrations.map(({ id, path, lint: { errors, warnings }, contracts }) => [
        `  ${id}`,
        path,
        errors > 0 ? `FAILED: ${count(errors, "lint error")}` : warnings > 0 ? count(warnings, "lint warning") : "lint ok",
        contracts ? "CONTRACTS: removes or narrows" : ""
      ])
    ),
    ...before
  ];
}
__name(migrationLines, "migrationLines");
function commitLines({ commits }) {
  if (commits.kind === "unknown") return [line(`commits: unknown: ${commits.why}`)];
  const { from, to, list, authors } = commits;
  const range = from === "" ? `first release, up to ${to.slice(0, 12)}` : `${from.slice(0, 12)}..${to.slice(0, 12)}`;
  return [
    line(`commits: ${list.length} (${range}) by ${authors.join(", ")}`),
    ...list.map(
      ({ id, subject, author }) => fit(`  ${safe(id).slice(0, 10)}  ${safe(subject)}  (${safe(author)})`, screenColumns)
    )
  ];
}
__name(commitLines, "commitLines");
function checks({ checks: list }) {
  return [line(`checks: ${list.map(({ name }) => name).join(", ") || "none"}`)];
}
__name(checks, "checks");
function expected({ expected: known }) {
  return known === null ? "unknown: no successful deployment yet" : `about ${duration(known.seconds)}, from the last ${count(known.releases, "deployment")}`;
}
__name(expected, "expected");
function approval({ environment }, { required, keys }) {
  if (required === 0) return "no approval";
  return `${count(required, "approval")} of ${[...new Set(keys.map(({ name }) => name))].join(", ")} for ${environment}`;
}
__name(approval, "approval");
function table(rows) {
  const columns = Math.max(...rows.map((row) => row.length));
  return alignColumns(
    rows.map((row) => row.map(plain)),
    Array.from({ length: columns }, () => "left")
  ).map((row) => fit(row, screenColumns));
}
__name(table, "table");
function plain(cell) {
  const [, indent = "", rest = ""] = /^(\s*)(.*)$/s.exec(cell) ?? [];
  return indent + safe(rest);
}
__name(plain, "plain");

export {
  planScreen
};
