import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  firstLine
} from "./shared.core.release.pipeline.run.mjs";
import "./shared.core.shared.interruption.mjs";
import {
  readOpenReviews,
  reviewLine
} from "./shared.core.release.approval.review-ledger.mjs";
import "./shared.core.ledger.limits.mjs";
import "./shared.empty.mjs";
import "./shared.core.release.policy.difference.mjs";
import "./shared.core.release.ledger.ledger-away.mjs";
import {
  wrongSignatures
} from "./shared.core.release.approval.signatures.mjs";
import "./shared.core.release.approval.record-problems.mjs";
import "./shared.core.release.approval.review.mjs";
import "./shared.core.release.approval.approval.mjs";
import "./shared.core.release.plan.plan-id.mjs";
import {
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace
} from "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.shared.engine-cause.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import "./shared.core.gate.failed.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.targets.errors.mjs";
import "./shared.core.targets.fence.mjs";
import "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/status/status.ts
var LOOKS_BACK = 8;
async function readStatus(settings, { environment, access, ledger: url, sandbox }, entryPoint) {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox);
  try {
    const running = await place.target.running();
    const service = serviceName(settings.release.name, settings.image.name);
    const status = { service, environment, target: place.target.name, running };
    try {
      const opened = await openReleaseLedger(settings, place, entryPoint, url, "wanted", (text) => text);
      if (opened === null) return { ...status, history: null, ledgerProblem: "--ledger is not set", reviews: [] };
      try {
        const history = await opened.ledger.releases(environment, LOOKS_BACK);
        const [wrong = ""] = await wrongSignatures(opened.ledger, settings, [environment]);
        const reviews = await readOpenReviews(opened.ledger, settings, environment);
        return { ...status, history, ledgerProblem: wrong, reviews: reviews.map(reviewLine) };
      } finally {
        await opened.close();
      }
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error;
      return { ...status, history: null, ledgerProblem: firstLine(error), reviews: [] };
    }
  } finally {
    await place.target.close();
  }
}
__name(readStatus, "readStatus");
export {
  readStatus
};
