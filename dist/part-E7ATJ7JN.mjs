import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isPassed,
  loadReport,
  loadScreen,
  proveLoad
} from "./part-DWV6LR6X.mjs";
import "./part-YZV55Q6W.mjs";
import "./part-3UO4U4J4.mjs";
import "./part-VSPVQXQA.mjs";
import "./part-WD3FKK6G.mjs";
import "./part-OCVOWVFA.mjs";
import "./part-KKZHOICC.mjs";
import "./part-WCGJA2CV.mjs";
import "./part-5WQNLSDM.mjs";
import "./part-LXYHK73Q.mjs";
import {
  requirePassed
} from "./part-GGRBBHK5.mjs";
import "./part-HGH33Z2U.mjs";
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
