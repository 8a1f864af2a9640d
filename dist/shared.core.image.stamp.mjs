import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/image/stamp.ts
var noStamp = { revision: "", created: "", source: "" };
function stampOf(revision, created, source) {
  const problems = [];
  if (!/^[\w./+-]{0,128}$/.test(revision)) problems.push(`--revision=${JSON.stringify(revision)} is not a commit id`);
  if (created !== "" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(created))
    problems.push(`--created=${JSON.stringify(created)} is not a time with a time zone, such as 2026-11-22T09:30:00Z`);
  if (source !== "" && !/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(source))
    problems.push("--source-url is not an http or https URL, or it contains a login");
  if (problems.length > 0)
    throw new TollgateError(
      "stamp",
      problems.join("\n"),
      "Correct the options. For example: --revision=$(git rev-parse HEAD) --created=$(git log -1 --format=%cI) --source-url=https://github.com/acme/payments"
    );
  return { revision, created: created === "" ? "" : new Date(created).toISOString().replace(/\.\d+Z$/, "Z"), source };
}
__name(stampOf, "stampOf");
var PREFIX = "org.opencontainers.image";
function stampLabels(stamp) {
  const labels = [
    [`${PREFIX}.revision`, stamp.revision],
    [`${PREFIX}.source`, stamp.source],
    [`${PREFIX}.created`, stamp.created]
  ];
  return labels.filter(([, value]) => value !== "");
}
__name(stampLabels, "stampLabels");
var EPOCH = 315532800;
function epochOf(stamp) {
  const time = Math.floor(Date.parse(stamp.created) / 1e3);
  return Number.isNaN(time) ? EPOCH : time;
}
__name(epochOf, "epochOf");
function createdOf(stamp) {
  return new Date(epochOf(stamp) * 1e3).toISOString().replace(".000Z", "Z");
}
__name(createdOf, "createdOf");

export {
  noStamp,
  stampOf,
  stampLabels,
  EPOCH,
  epochOf,
  createdOf
};
