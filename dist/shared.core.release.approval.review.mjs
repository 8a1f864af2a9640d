import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  approvalFile,
  isSignedBy,
  publicKeyText
} from "./shared.core.release.approval.approval.mjs";
import {
  canonicalJson
} from "./shared.core.ledger.chain.mjs";
import {
  sameKey,
  samePerson
} from "./shared.core.config.approver-key.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/review.ts
import { sign } from "node:crypto";
var REVIEW_FORMAT = "tollgate-review";
var words = external_exports.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u);
var reviewStatement = external_exports.strictObject({
  service: words,
  environment: words,
  release: words,
  approver: words,
  reason: words,
  signedAt: external_exports.iso.datetime({ offset: true }),
  key: external_exports.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/)
});
var reviewFile = external_exports.strictObject({
  format: external_exports.literal(REVIEW_FORMAT),
  version: external_exports.literal(1),
  statement: reviewStatement,
  signature: external_exports.string()
});
function reviewBytes(statement) {
  return Buffer.from(`${REVIEW_FORMAT} 1
${canonicalJson(statement)}`);
}
__name(reviewBytes, "reviewBytes");
var REVIEW_HOURS = 48;
function reviewDue({ at }) {
  return new Date(Date.parse(at) + REVIEW_HOURS * 36e5);
}
__name(reviewDue, "reviewDue");
function openReviews(broken, reviewed, keys) {
  const reviews = broken.flatMap(({ what, context, at }) => {
    const signed = what.kind === "broke-glass" ? approvalFile.safeParse(what.signed) : null;
    if (what.kind !== "broke-glass" || signed?.success !== true || context.release === null) return [];
    const { service, environment, release, who } = context;
    return [
      {
        service,
        environment,
        release,
        reason: what.reason,
        at,
        signer: signed.data.statement.approver,
        deployer: who
      }
    ];
  });
  const files = reviewed.flatMap(({ what }) => {
    const parsed = what.kind === "glass-reviewed" ? reviewFile.safeParse(what.signed) : null;
    return parsed?.success === true ? [parsed.data] : [];
  });
  return reviews.filter((review) => !files.some((file) => whyNoReview(file, review, keys) === null));
}
__name(openReviews, "openReviews");
function whyNoReview(file, review, keys) {
  return reviewProblems(file, review, keys)[0]?.message ?? null;
}
__name(whyNoReview, "whyNoReview");
function reviewProblems(file, review, keys) {
  const { statement, signature } = file;
  const { service, environment, release, approver, key } = statement;
  if (service !== review.service || environment !== review.environment || release !== review.release)
    return [{ code: "review-other-release", message: "is of another release" }];
  const listed = keys.filter((one) => sameKey(one.key, key));
  const [known] = listed;
  const day = statement.signedAt.slice(0, 10);
  if (known === void 0) return [{ code: "review-unknown-key", message: "is signed with a key that is not listed" }];
  const problems = [];
  if (listed.some(({ revoked }) => revoked !== void 0 && revoked <= day))
    problems.push({ code: "review-key-revoked", message: "is signed with a revoked key" });
  if (known.name !== approver)
    problems.push({ code: "review-approver", message: "names a person to whom the key does not belong" });
  if (!isSignedBy(key, reviewBytes(statement), signature))
    problems.push({ code: "review-bad-signature", message: "has a signature that does not match" });
  if (brokeGlass(known, review))
    problems.push({
      code: "review-own",
      message: `is by ${known.name}, who broke the glass: a second person closes the review`
    });
  return problems;
}
__name(reviewProblems, "reviewProblems");
function brokeGlass({ name, also }, { signer, deployer }) {
  const names = [name, ...also];
  return [signer, deployer].some((one) => names.some((own) => samePerson(own, one)));
}
__name(brokeGlass, "brokeGlass");
function signReview(review, given, keys) {
  const { service, environment, release } = review;
  const { approver, reason, now } = given;
  const statement = {
    service,
    environment,
    release,
    approver,
    reason,
    signedAt: now.toISOString(),
    key: publicKeyText(given.key)
  };
  const file = {
    format: REVIEW_FORMAT,
    version: 1,
    statement,
    signature: sign(null, reviewBytes(statement), given.key).toString("base64")
  };
  const why = whyNoReview(file, review, keys);
  if (why === null) return file;
  throw new TollgateError(
    "review-refused",
    `This review of ${release} would not count: it ${why}.`,
    "Let another approver of this environment review it. Nothing was recorded."
  );
}
__name(signReview, "signReview");

export {
  reviewFile,
  reviewDue,
  openReviews,
  whyNoReview,
  signReview
};
