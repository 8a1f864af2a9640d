import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  scanPassed,
  scanScreen,
  scanSource
} from "./shared.core.app.python.read-files.mjs";
import "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.build-secrets.mjs";
import "./shared.core.image.stamp.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.secrets.dotenv.mjs";
import "./shared.core.app.python.caches.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/deploy.ts
var deployWork = /* @__PURE__ */ __name(async ({ source, gateSecrets: secrets, stamp }) => {
  const { result } = await scanSource(source, { run: "", baseline: null, stamp, secrets, now: /* @__PURE__ */ new Date() });
  if (!scanPassed(result))
    throw new GateFailed("scan", scanScreen(result, { report: "`tollgate scan` writes the full report" }));
  if (result.image === null) return { kind: "done", note: "passed" };
  return { kind: "done", note: "passed", judged: { what: "image", words: "The scan read", digest: result.image } };
}, "deployWork");
export {
  deployWork
};
