import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isPassed,
  loadReport,
  loadScreen,
  proveLoad
} from "./shared.core.load.address.mjs";
import "./shared.core.config.chosen-names.mjs";
import "./shared.core.image.service.mjs";
import "./shared.core.app.busybox.mjs";
import "./shared.core.image.build-secrets.mjs";
import "./shared.core.image.stamp.mjs";
import "./shared.core.presentation.html-markup.mjs";
import "./shared.core.shared.service-health.mjs";
import "./shared.core.app.installation-advice.mjs";
import "./shared.core.shared.engine-cause.mjs";
import {
  requirePassed
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

// core/module/load.ts
async function loadTest(source, asked) {
  const run = runId(/* @__PURE__ */ new Date());
  const { result } = await proveLoad(source, { ...asked, run });
  return requirePassed("load", isPassed(result), loadScreen(result, { report: reportCommand(asked, run) }));
}
__name(loadTest, "loadTest");
async function loadReport2(source, asked) {
  return loadReport(await proveLoad(source, { ...asked, run: asked.run === "" ? runId(/* @__PURE__ */ new Date()) : asked.run }));
}
__name(loadReport2, "loadReport");
function reportCommand({ scenarios, url, confirm }, run) {
  const chosen = scenarios.length > 0 ? ` --scenarios=${scenarios.join(",")}` : "";
  const where = url === "" ? "" : ` --url=${url}${confirm === "" ? "" : ` --confirm=${confirm}`}`;
  return `dagger call load-report --run=${run}${chosen}${where} export --path=tollgate-report/load`;
}
__name(reportCommand, "reportCommand");
export {
  loadReport2 as loadReport,
  loadTest
};
