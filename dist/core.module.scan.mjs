import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  scanReport
} from "./shared.core.scan.convert.mjs";
import {
  scanPassed,
  scanScreen,
  scanSource
} from "./shared.core.app.python.read-files.mjs";
import "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.build-secrets.mjs";
import {
  stampOf
} from "./shared.core.image.stamp.mjs";
import "./shared.core.presentation.html-markup.mjs";
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

// core/module/scan.ts
async function scan(source, { fresh, ...asked }) {
  const run = fresh ? runId(/* @__PURE__ */ new Date()) : "";
  const { result } = await scanned(source, { ...asked, run });
  return requirePassed("scan", scanPassed(result), scanScreen(result, { report: reportCommand(run) }));
}
__name(scan, "scan");
async function scanReport2(source, asked) {
  return scanReport(await scanned(source, asked));
}
__name(scanReport2, "scanReport");
async function scanned(source, { baseline, revision, created, sourceUrl, secrets, run }) {
  const stamp = stampOf(revision, created, sourceUrl);
  return scanSource(source, { run, baseline: await baseline?.contents() ?? null, stamp, secrets, now: /* @__PURE__ */ new Date() });
}
__name(scanned, "scanned");
function reportCommand(run) {
  const named = run === "" ? "" : ` --run=${run}`;
  return `dagger call scan-report${named} export --path=tollgate-report/scan`;
}
__name(reportCommand, "reportCommand");
export {
  scan,
  scanReport2 as scanReport
};
