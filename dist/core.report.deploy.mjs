import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  summary
} from "./shared.core.report.advice.mjs";
import {
  isProven,
  proveSource
} from "./shared.core.qa.combine.mjs";
import "./shared.core.qa.service-failure.mjs";
import "./shared.core.config.chosen-names.mjs";
import "./shared.core.app.busybox.mjs";
import "./shared.core.qa.environment.mjs";
import "./shared.core.shared.service-health.mjs";
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
import "./shared.core.config.service-variables.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  count
} from "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/report/deploy.ts
var deployWork = /* @__PURE__ */ __name(async ({ source, gateSecrets }) => {
  const { result } = await proveSource(source, { suites: [], run: "", secrets: gateSecrets });
  if (!isProven(result))
    throw new GateFailed("qa", summary(result, { report: "`tollgate test` writes the full report" }));
  const tests = result.suites.reduce((sum, { counts }) => sum + counts.tests, 0);
  const earlier = result.suites.every(({ cached }) => cached) ? ", evidence of an earlier run of the same source" : "";
  return {
    kind: "done",
    note: `${count(result.suites.length, "suite")} passed, ${count(tests, "test")}${earlier}`,
    detail: { source: result.source },
    judged: { what: "source", words: "The tests ran on", digest: result.source }
  };
}, "deployWork");
export {
  deployWork
};
