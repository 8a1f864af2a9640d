import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  requireReason
} from "./part-4SRWWEF5.mjs";
import {
  readPolicyHistory
} from "./part-VL2EDQXL.mjs";
import {
  ledgerAway
} from "./part-5VAK26KR.mjs";
import {
  openReviews,
  reviewDue,
  signReview
} from "./part-SFJZVIKK.mjs";
import {
  environmentSettings
} from "./part-XFI53PIW.mjs";
import {
  version
} from "./part-WL6TP67H.mjs";
import {
  runId
} from "./part-ON7WC4SY.mjs";
import {
  line
} from "./part-NLTUT5GC.mjs";
import {
  moment
} from "./part-6OJ4LJWQ.mjs";
import {
  TollgateError
} from "./part-QMDAT4RQ.mjs";
import {
  external_exports
} from "./part-TJ6QXGHL.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
