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
  duration
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/database/migrate/validate.ts
function validate(now, expected, differences) {
  const { before } = expected;
  const problems = [];
  if (now.revision.join() !== expected.revision.join())
    problems.push(`the revision is ${revisionName(now.revision)}, expected ${revisionName(expected.revision)}`);
  if (expected.schema !== null && now.schema !== expected.schema) problems.push("the schema is not the one from before");
  for (const [table, rows] of Object.entries(before.rows)) {
    const left = now.rows[table];
    if (left === void 0 && rows > 0) problems.push(`the protected table ${table} is gone; it had ${rows} rows`);
    else if (left !== void 0 && left < rows)
      problems.push(`the protected table ${table} has lost ${rows - left} of ${rows} rows`);
  }
  for (const [name, rows] of Object.entries(now.broken)) {
    if (typeof rows === "string") problems.push(`the query of the invariant ${name} failed: ${rows}`);
    else if (rows > 0) problems.push(`the invariant ${name} is broken by ${count(rows, "row")}`);
  }
  for (const [name, answer] of Object.entries(now.unchanged)) {
    const was = before.unchanged[name];
    if (answer === null) problems.push(`the query of ${name} (database.unchanged) failed`);
    else if (was !== null && was !== void 0 && was !== answer)
      problems.push(`${name} has changed: ${short(was)} before, ${short(answer)} now`);
  }
  for (const difference of differences) problems.push(`schema and models differ: ${difference}`);
  return problems;
}
__name(validate, "validate");
function brokenBefore(before) {
  return Object.entries(before.broken).flatMap(
    ([name, rows]) => typeof rows === "number" && rows > 0 ? [`the invariant ${name} is broken by ${count(rows, "row")} already, before the migration`] : []
  );
}
__name(brokenBefore, "brokenBefore");
function revisionName(revision) {
  return revision.length === 0 ? "none" : revision.join(", ");
}
__name(revisionName, "revisionName");
function short(text) {
  const line2 = text.replace(/\s+/g, " ");
  return line2.length > 60 ? `${line2.slice(0, 59)}\u2026` : line2;
}
__name(short, "short");

// core/database/migrate/screen.ts
function migrationScreen(result, { report }) {
  const { environment, database, run, from, target, pending, outcome, warnings } = result;
  const head = [
    line(`Tollgate ${version} \xB7 migrate \xB7 ${environment} \xB7 database ${database} \xB7 run ${run}`),
    line(`from ${revisionName(from)} to ${revisionName(target)}: ${count(pending.length, "revision")}`),
    "",
    ...steps(result)
  ];
  const foot = ["", ...where(result), line(`full report: ${report}`), "", line(verdict(result))];
  const why = [
    ...explain(outcome),
    ...warnings.flatMap((warning) => wrapWords(safe(`warning: ${warning}`), screenColumns, MOST_LINES))
  ];
  const room = Math.max(3, screenLines - head.length - foot.length - 1);
  const shown = why.length > room ? [...why.slice(0, room - 1), `and ${why.length - room + 1} more lines`] : why;
  return `${[...head, ...shown.length > 0 ? ["", ...shown] : [], ...foot].join("\n")}
`;
}
__name(migrationScreen, "migrationScreen");
var MOST_LINES = 12;
function steps({ steps: records }) {
  const rows = records.map(({ name, status, seconds, note }) => [
    safe(name),
    status === "done" ? duration(seconds) : "FAILED",
    safe(note)
  ]);
  return alignColumns(rows, ["left", "right", "left"]).map((row) => fit(row, screenColumns));
}
__name(steps, "steps");
function explain(outcome) {
  switch (outcome.kind) {
    case "migrated":
    case "up-to-date":
      return [];
    case "refused":
      return causes(`Why it failed (${outcome.step})`, outcome.causes);
    case "undone":
      return [
        ...causes(`Why it failed (${outcome.step})`, outcome.causes),
        ...causes("How it was undone", [`${wayName(outcome.way)}: ${outcome.why}`])
      ];
    case "asks":
      return [
        ...causes(`Why it failed (${outcome.step})`, outcome.causes),
        ...causes("What a restore would lose", [outcome.question]),
        "  An operator must decide: follow docs/runbook-migration-failed.md."
      ];
    case "not-undone":
      return [
        ...causes(`Why it failed (${outcome.step})`, outcome.causes),
        ...causes("Why it could not be undone", outcome.undoCauses)
      ];
  }
}
__name(explain, "explain");
function causes(title, texts) {
  return [
    line(title),
    ...texts.flatMap((text) => text.split("\n")).filter((text) => text.trim() !== "").flatMap((text) => wrapWords(safe(text), screenColumns - 2, MOST_LINES).map((part) => `  ${part}`))
  ];
}
__name(causes, "causes");
function wayName(way) {
  return { nothing: "nothing to undo", downgrade: "downgrade", restore: "restored the backup" }[way];
}
__name(wayName, "wayName");
function where({ backup, store, setAside, lost, rehearsed }) {
  return [
    ...rehearsed === null ? [] : [
      line(
        `to undo it: ${rehearsed.downgrade.kind === "proven" ? "a downgrade, as rehearsed" : `a restore of the backup (${rehearsed.downgrade.why})`}`
      )
    ],
    backup === null ? "backup: none" : line(`${backup.tested ? "backup" : "backup, never restored"}: ${backup.name} in ${store}`),
    ...setAside === null ? [] : [
      line(
        `previous database: kept as ${setAside}, with ${count(lost, "row")} that the restored one does not have`
      )
    ]
  ];
}
__name(where, "where");
function verdict({ outcome, target, from, pending, backup }) {
  switch (outcome.kind) {
    case "migrated":
      return `MIGRATED: ${count(pending.length, "revision")}, now at ${revisionName(target)}`;
    case "up-to-date":
      return `UP TO DATE: the database is at ${revisionName(from)}`;
    case "refused":
      return "FAILED: nothing was changed";
    case "undone":
      return `FAILED: the migration was undone; the database is at ${revisionName(from)} and valid`;
    case "asks":
      return `FAILED: the migration was not undone: restoring would lose rows; backup ${backup?.name ?? "none"}`;
    case "not-undone":
      return `FAILED: the migration failed, and undoing it failed; backup ${backup?.name ?? "none"}`;
  }
}
__name(verdict, "verdict");

export {
  validate,
  brokenBefore,
  revisionName,
  migrationScreen,
  verdict
};
