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
  screenLines
} from "./shared.core.presentation.columns.mjs";
import {
  fenceWords
} from "./shared.core.targets.fence.mjs";
import {
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/status/screen.ts
function targetScreen({
  service,
  environment,
  target,
  running,
  history,
  ledgerProblem,
  reviews
}) {
  const head = [
    line(`Tollgate ${version} \xB7 status \xB7 ${service} \xB7 ${environment}${target === environment ? "" : ` (${target})`}`),
    ""
  ];
  const rows = rowsOf(running).map((row2) => row2.map((cell) => safe(cell)));
  const there = rows.length === 0 ? ["nothing has been deployed there"] : table([["", "release", "version", "image", "containers", "switched at"], ...rows]);
  const proxies = running.places.map(
    ({ place, proxy }) => line(
      `${place}: proxy ${proxy.kind === "running" ? proxy.version : proxy.kind === "down" ? `DOWN: ${proxy.why}` : "not there"}`
    )
  );
  const maintenance = running.maintenance.kind === "on" ? [line(`MAINTENANCE: every request is answered 503: ${running.maintenance.message}`)] : [];
  const claimed = running.claimed === null ? [] : [line(`claimed last: ${fenceWords(running.claimed)}`)];
  const records = history === null ? [line(`history: not read: ${ledgerProblem}`)] : history.length === 0 ? ["history: none"] : [
    "history:",
    ...table(
      history.slice(0, 8).map(({ startedAt, id, action, outcome, version: name, digest, who, causes, why }) => [
        `  ${moment(startedAt)}`,
        safe(id),
        action,
        outcome === "live" || outcome === "running" ? outcome : outcome.toUpperCase(),
        safe(name ?? "\u2013"),
        shortDigest(digest),
        line(who, 14),
        safe(causes[0] ?? why)
      ])
    )
  ];
  const wrong = [...history === null || ledgerProblem === "" ? [] : [ledgerProblem], ...reviews].map(
    (text) => line(text)
  );
  return `${[...head, ...there, "", ...proxies, ...claimed, ...maintenance, "", ...records, ...wrong, "", verdict(running, environment, history)].slice(-screenLines).join("\n")}
`;
}
__name(targetScreen, "targetScreen");
function rowsOf({ live, retained, candidates }) {
  const current = live.kind === "live" ? [row("live", live.instance)] : live.kind === "split" ? live.instances.map((one) => row("SPLIT", one)) : [];
  return [...current, ...retained.map((one) => row("retained", one)), ...candidates.map((one) => row("candidate", one))];
}
__name(rowsOf, "rowsOf");
function row(state, { release, version: name, digest, replicas, switchedAt }) {
  const states = /* @__PURE__ */ new Map();
  for (const { process, state: one } of replicas) {
    const words = one.kind === "running" ? one.check === "unhealthy" ? "UNHEALTHY" : "up" : one.kind;
    states.set(`${process} ${words}`, (states.get(`${process} ${words}`) ?? 0) + 1);
  }
  return [
    state,
    release,
    name,
    shortDigest(digest),
    [...states].map(([words, number]) => number === 1 ? words : `${number} ${words}`).join(", "),
    switchedAt === null ? "never" : moment(switchedAt)
  ];
}
__name(row, "row");
function table(rows) {
  const columns = Math.max(...rows.map((one) => one.length));
  return alignColumns(
    rows,
    Array.from({ length: columns }, () => "left")
  ).map((one) => fit(one, screenColumns));
}
__name(table, "table");
function verdict({ live }, environment, history) {
  switch (live.kind) {
    case "none":
      return `EMPTY: no release of Tollgate is serving in ${environment}`;
    case "split":
      return line(
        `FAILED: hosts of ${environment} serve different releases: ${live.at.map(({ place, release }) => `${place} ${release ?? "nothing"}`).join(", ")}`
      );
    case "foreign":
      return line(`FAILED: ${live.place} sends its traffic to ${live.to}, which is not a release of Tollgate`);
    case "live": {
      const seen = history?.find(({ serving }) => serving !== null)?.serving ?? null;
      const differs = seen === null || seen.digest === live.instance.digest ? "" : `; the ledger has ${shortDigest(seen.digest)}`;
      return line(
        `LIVE: ${live.instance.version} (${shortDigest(live.instance.digest)}), release ${live.instance.release}${differs}`
      );
    }
  }
}
__name(verdict, "verdict");
export {
  targetScreen
};
