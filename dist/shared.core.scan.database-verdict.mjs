import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  external_exports
} from "./shared.core.errors.mjs";
import {
  moment
} from "./shared.core.report.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/database-verdict.ts
var SCHEMA = 2;
var TOLERANCE_HOURS = 1;
var metadata = external_exports.object({
  Version: external_exports.number().int(),
  UpdatedAt: external_exports.iso.datetime({ offset: true })
});
function judgeDatabase(repository, text, maxAgeHours, now) {
  const unknown = { repository, updatedAt: null, ageHours: null };
  const unreadable = /* @__PURE__ */ __name((why) => red(unknown, "database-unreadable", `what ${repository} holds is no vulnerability database of Trivy's: ${why}`), "unreadable");
  if (text === null) return unreadable("it has no metadata.json");
  const parsed = metadata.safeParse(jsonOf(text));
  if (!parsed.success) return unreadable(`its metadata.json cannot be read (${parsed.error.issues[0]?.path.join(".") || "no JSON"})`);
  const { Version, UpdatedAt } = parsed.data;
  const ageHours = (now.getTime() - Date.parse(UpdatedAt)) / 36e5;
  const database = { repository, updatedAt: UpdatedAt, ageHours };
  if (Version !== SCHEMA)
    return red(database, "database-schema", `the database of ${repository} has format ${Version}; Trivy 0.69 reads ${SCHEMA}`, `name the tag that has it: \u2026/trivy-db:${SCHEMA}`);
  if (ageHours < -TOLERANCE_HOURS)
    return red(database, "database-ahead", `the database of ${repository} says that it was built on ${moment(UpdatedAt)}, which is yet to come`, "set the clock of the engine's machine, or look into who built that database");
  if (ageHours > maxAgeHours) {
    const message = `the database of ${repository} is ${hours(ageHours)} old; scan.maxDatabaseAge is ${hours(maxAgeHours)}. What was found since is unknown to it`;
    return red(database, "database-stale", message, staleHint(repository));
  }
  return { kind: "ready", database };
}
__name(judgeDatabase, "judgeDatabase");
function downloadProblem(repository, said) {
  const last = lastError(said);
  const words = shorten(last);
  const kinds = [
    ["database-missing", /MANIFEST_UNKNOWN|NAME_UNKNOWN|NAME_INVALID|manifest unknown|404 Not Found/i, "there is no vulnerability database at", "correct scan.database of tollgate.yaml"],
    ["database-denied", /UNAUTHORIZED|DENIED|401|403|TOOMANYREQUESTS|429/i, "the registry refuses to hand out", "mirror it where no login is needed, and name the mirror in scan.database"],
    ["database-unreadable", /media type|single layer|annotation|gzip|archive|metadata|unexpected EOF|decompress/i, "there is something else than a vulnerability database at", "correct scan.database of tollgate.yaml"]
  ];
  const [code, , what, next] = kinds.find(([, pattern]) => pattern.test(last)) ?? [
    "database-unreachable",
    null,
    "no vulnerability database can be downloaded from",
    "see that the engine's machine reaches it, or name a mirror in scan.database"
  ];
  return { code, message: `${what} ${repository}: ${words}`, next };
}
__name(downloadProblem, "downloadProblem");
function lastError(said) {
  const at = Math.max(said.lastIndexOf("FATAL"), said.lastIndexOf("	ERROR"));
  const text = at < 0 ? said.trim().split("\n").at(-1) ?? "" : said.slice(at);
  return text.replace(/^\s*(FATAL|ERROR)\s+(\[[^\]]*\]\s+)?/, "").replace(/\s+/g, " ").trim();
}
__name(lastError, "lastError");
function shorten(text) {
  const parts = text.split(/: (?=[^/])/);
  return parts.length <= 3 ? text : parts.slice(-3).join(": ");
}
__name(shorten, "shorten");
function red(database, code, message, next = "") {
  return { kind: "red", database, reason: { code, message, next } };
}
__name(red, "red");
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
  return isSmallDatabase(repository) ? "`npx tollgate engine up --with=trivy` writes it anew" : "see why the mirror was not updated; --fresh asks again";
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
