import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  requireReason
} from "./shared.core.ledger.limits.mjs";
import {
  readPolicyHistory
} from "./shared.core.release.policy.difference.mjs";
import {
  ledgerAway
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  openReviews,
  reviewDue,
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
  return openReviews(broken, reviewed, (await readReviewRules(ledger, settings, environment)).keys);
}
__name(readOpenReviews, "readOpenReviews");
function reviewRules(settings, environment, { inForce }) {
  return inForce?.policy.approvals ?? environmentSettings(settings, environment).approvals;
}
__name(reviewRules, "reviewRules");
async function readReviewRules(ledger, settings, environment) {
  return reviewRules(settings, environment, await readPolicyHistory(ledger, environment));
}
__name(readReviewRules, "readReviewRules");
function reviewLine(review) {
  const { environment, release, at, signer, reason } = review;
  return `REVIEW OPEN: ${environment}: ${release} used break-glass at ${moment(at)}, signed by ${signer}: ${reason}; a second person closes it by ${moment(reviewDue(review).toISOString())}, in the dashboard or with \`tollgate review\``;
}
__name(reviewLine, "reviewLine");
var json = external_exports.json();
function reviewEvent(file) {
  const { approver, reason } = file.statement;
  return { kind: "glass-reviewed", approver, reason, signed: json.parse(file) };
}
__name(reviewEvent, "reviewEvent");
function contextOf({ statement: { service, environment, release } }, who) {
  return { service, environment, release, run: runId(/* @__PURE__ */ new Date()), token: null, who };
}
__name(contextOf, "contextOf");
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
  const { keys } = await readReviewRules(ledger, settings, environment);
  const signed = signReview(review, { ...given, reason, now: /* @__PURE__ */ new Date() }, keys);
  await ledger.record(contextOf(signed, who), reviewEvent(signed));
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
