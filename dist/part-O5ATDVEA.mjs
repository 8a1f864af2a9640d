import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  scanReport
} from "./part-QSGULIRD.mjs";
import {
  scanPassed,
  scanScreen,
  scanSource
} from "./part-ORNYETV2.mjs";
import "./part-QXXAF6ZV.mjs";
import "./part-WD3FKK6G.mjs";
import {
  stampOf
} from "./part-OCVOWVFA.mjs";
import "./part-KKZHOICC.mjs";
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
