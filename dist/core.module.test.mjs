import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  summary
} from "./shared.core.report.advice.mjs";
import {
  qaReport,
  validateListedFiles
} from "./shared.core.qa.validate.mjs";
import {
  isProven,
  proveSource
} from "./shared.core.qa.combine.mjs";
import "./shared.core.qa.service-failure.mjs";
import "./shared.core.config.chosen-names.mjs";
import "./shared.core.app.busybox.mjs";
import "./shared.core.presentation.html-markup.mjs";
import "./shared.core.qa.environment.mjs";
import "./shared.core.shared.service-health.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  appFolder,
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.secrets.dotenv.mjs";
import "./shared.core.app.python.caches.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.service-variables.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
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

// core/module/test.ts
async function test(source, { suites, fresh, secrets }) {
  const run = fresh ? runId(/* @__PURE__ */ new Date()) : "";
  const { result } = await proveSource(source, { suites, run, secrets });
  return requirePassed("test", isProven(result), summary(result, { report: reportCommand(suites, run) }));
}
__name(test, "test");
async function testReport(source, asked) {
  return qaReport(await proveSource(source, asked));
}
__name(testReport, "testReport");
async function validate(source) {
  const settings = await readSettings(source);
  return validateListedFiles(settings, await appFolder(source, settings));
}
__name(validate, "validate");
function reportCommand(suites, run) {
  const chosen = suites.length > 0 ? ` --suites=${suites.join(",")}` : "";
  const named = run === "" ? "" : ` --run=${run}`;
  return `dagger call test-report${chosen}${named} export --path=tollgate-report`;
}
__name(reportCommand, "reportCommand");
export {
  test,
  testReport,
  validate
};
