import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  requireReason
} from "./shared.core.ledger.limits.mjs";
import {
  ledgerAway
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  openReviews,
  signReview
} from "./shared.core.release.approval.review.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  line
} from "./shared.core.presentation.columns.mjs";
import {
  moment
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/review-ledger.ts
async function readOpenReviews(ledger, settings, environment) {
  const broken = await ledger.eventsOfKind(environment, "broke-glass");
  if (broken.length === 0) return [];
  const reviewed = await ledger.eventsOfKind(environment, "glass-reviewed");
  return openReviews(broken, reviewed, environmentSettings(settings, environment).approvals.keys);
}
__name(readOpenReviews, "readOpenReviews");
function reviewLine({ environment, release, at, signer, reason }) {
  return `REVIEW OPEN: ${environment}: ${release} used break-glass at ${moment(at)}, signed by ${signer}: ${reason}; a second person closes it with \`tollgate review\``;
}
__name(reviewLine, "reviewLine");
var json = external_exports.json();
async function closeReview(settings, given, ledger) {
  const { environment, release, approver, who } = given;
  const reason = requireReason(given.reason);
  const review = (await readOpenReviews(ledger, settings, environment)).find((one) => one.release === release);
  if (review === void 0)
    throw new TollgateError(
      "review-none",
      `${release} has no open review in ${environment}.`,
      `\`tollgate status --env=${environment}\` lists the open ones. Nothing was recorded.`
    );
  const { keys } = environmentSettings(settings, environment).approvals;
  const signed = signReview(review, { ...given, reason, now: /* @__PURE__ */ new Date() }, keys);
  await ledger.record(
    { service: review.service, environment, release, run: runId(/* @__PURE__ */ new Date()), token: null, who },
    { kind: "glass-reviewed", approver, reason, signed: json.parse(JSON.parse(JSON.stringify(signed))) }
  );
  const away = ledgerAway(ledger);
  return `${[
    line(`Tollgate ${version} \xB7 review \xB7 ${environment}`),
    "",
    line(`${release} used break-glass, signed by ${review.signer}: ${review.reason}`),
    line(`reviewed by ${approver}: ${reason}`),
    ...away === null ? [] : [line(`warning: ${away}`)],
    "",
    line(`REVIEWED: ${release}`)
  ].join("\n")}
`;
}
__name(closeReview, "closeReview");

export {
  readOpenReviews,
  reviewLine,
  closeReview
};
