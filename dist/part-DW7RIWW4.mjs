import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  scanPassed,
  scanScreen,
  scanSource
} from "./part-ORNYETV2.mjs";
import "./part-QXXAF6ZV.mjs";
import "./part-WD3FKK6G.mjs";
import "./part-OCVOWVFA.mjs";
import "./part-5WQNLSDM.mjs";
import "./part-LXYHK73Q.mjs";
import {
  GateFailed
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
import "./part-ON7WC4SY.mjs";
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
