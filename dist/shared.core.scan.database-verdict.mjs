import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  moment
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/database-verdict.ts
var SCHEMA = 2;
var TOLERANCE_HOURS = 1;
var CORRECT_SETTING = "correct scan.database in tollgate.yaml";
var metadata = external_exports.object({
  Version: external_exports.number().int(),
  UpdatedAt: external_exports.iso.datetime({ offset: true })
});
function judgeDatabase(repository, text, maxAgeHours, now) {
  const unknown = { repository, updatedAt: null, ageHours: null };
  const unreadable = /* @__PURE__ */ __name((why) => unusable(
    unknown,
    "database-unreadable",
    `${repository} is not a Trivy vulnerability database: ${why}`,
    CORRECT_SETTING
  ), "unreadable");
  if (text === null) return unreadable("metadata.json is missing");
  const parsed = metadata.safeParse(jsonOf(text));
  if (!parsed.success)
    return unreadable(`metadata.json is invalid (${parsed.error.issues[0]?.path.join(".") || "not JSON"})`);
  const { Version, UpdatedAt } = parsed.data;
  const ageHours = (now.getTime() - Date.parse(UpdatedAt)) / 36e5;
  const database = { repository, updatedAt: UpdatedAt, ageHours };
  if (Version !== SCHEMA)
    return unusable(
      database,
      "database-schema",
      `the database ${repository} has schema version ${Version}; Trivy 0.69 reads version ${SCHEMA}`,
      `use the tag with that version: \u2026/trivy-db:${SCHEMA}`
    );
  if (ageHours < -TOLERANCE_HOURS)
    return unusable(
      database,
      "database-ahead",
      `the database ${repository} has a build time in the future: ${moment(UpdatedAt)}`,
      "correct the clock of the engine's machine, or find out who built that database"
    );
  if (ageHours > maxAgeHours) {
    const message = `the database ${repository} is ${hours(ageHours)} old; scan.maxDatabaseAge is ${hours(maxAgeHours)}. It has no vulnerabilities published since`;
    return unusable(database, "database-stale", message, staleHint(repository));
  }
  return { kind: "ready", database };
}
__name(judgeDatabase, "judgeDatabase");
function downloadProblem(repository, output) {
  const last = lastError(output);
  const words = shorten(last);
  const kinds = [
    [
      "database-missing",
      /MANIFEST_UNKNOWN|NAME_UNKNOWN|NAME_INVALID|manifest unknown|404 Not Found/i,
      "no vulnerability database at",
      CORRECT_SETTING
    ],
    [
      "database-denied",
      /UNAUTHORIZED|DENIED|401|403|TOOMANYREQUESTS|429/i,
      "the registry denied access to",
      "mirror the database where no login is needed, and name the mirror in scan.database"
    ],
    [
      "database-unreadable",
      /media type|single layer|annotation|gzip|archive|metadata|unexpected EOF|decompress/i,
      "not a vulnerability database:",
      CORRECT_SETTING
    ]
  ];
  const [code, , what, next] = kinds.find(([, pattern]) => pattern.test(last)) ?? [
    "database-unreachable",
    null,
    "could not download the vulnerability database from",
    "make it reachable from the engine's machine, or name a mirror in scan.database"
  ];
  return { code, message: `${what} ${repository}: ${words}`, next };
}
__name(downloadProblem, "downloadProblem");
function lastError(output) {
  const at = Math.max(output.lastIndexOf("FATAL"), output.lastIndexOf("	ERROR"));
  const text = at < 0 ? output.trim().split("\n").at(-1) ?? "" : output.slice(at);
  return text.replace(/^\s*(FATAL|ERROR)\s+(\[[^\]]*\]\s+)?/, "").replace(/\s+/g, " ").trim();
}
__name(lastError, "lastError");
function shorten(text) {
  const parts = text.split(/: (?=[^/])/);
  return parts.length <= 3 ? text : parts.slice(-3).join(": ");
}
__name(shorten, "shorten");
function unusable(database, code, message, next) {
  return { kind: "unusable", database, reason: { code, message, next } };
}
__name(unusable, "unusable");
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
__name(jsonOf, "jsonOf");
function isSmallDatabase(repository) {
  return repository.includes("tollgate/small-trivy-db");
}
__name(isSmallDatabase, "isSmallDatabase");
function staleHint(repository) {
  return isSmallDatabase(repository) ? "rebuild it with `npx tollgate engine up --with=trivy`" : "check the job that updates the mirror, then run again with --fresh";
}
__name(staleHint, "staleHint");
function hours(value) {
  if (value < 1) return `${Math.max(0, Math.round(value * 60))} min`;
  if (value < 48) return `${trimmed(value)} h`;
  return `${trimmed(value / 24)} days`;
}
__name(hours, "hours");
function trimmed(value) {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
__name(trimmed, "trimmed");

export {
  judgeDatabase,
  downloadProblem,
  isSmallDatabase,
  hours
};
