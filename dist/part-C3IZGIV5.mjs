import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  summary
} from "./part-QBYIYO22.mjs";
import {
  qaReport,
  validateListedFiles
} from "./part-FVQ7E7DF.mjs";
import {
  isProven,
  proveSource
} from "./part-CD7CJDAB.mjs";
import "./part-TG2ENZAX.mjs";
import "./part-YZV55Q6W.mjs";
import "./part-VSPVQXQA.mjs";
import "./part-KKZHOICC.mjs";
import "./part-FC47WEGA.mjs";
import "./part-WCGJA2CV.mjs";
import "./part-5WQNLSDM.mjs";
import "./part-LXYHK73Q.mjs";
import {
  requirePassed
} from "./part-GGRBBHK5.mjs";
import {
  appFolder,
  readSettings
} from "./part-HGH33Z2U.mjs";
import "./part-P4AOQKWM.mjs";
import "./part-V4KHYDLR.mjs";
import "./part-CDOJMAX2.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-5EFQ6LDO.mjs";
import "./part-MWG2RB6J.mjs";
import "./part-ZBLX4TU7.mjs";
import "./part-VN46M4JG.mjs";
import {
  runId
} from "./part-ON7WC4SY.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-44RGVNPP.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import "./part-BLKE3M3L.mjs";
import "./part-D2FKOHA5.mjs";
import "./part-6OJ4LJWQ.mjs";
import "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
