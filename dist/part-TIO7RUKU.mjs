import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  summary
} from "./part-QBYIYO22.mjs";
import {
  isProven,
  proveSource
} from "./part-CD7CJDAB.mjs";
import "./part-TG2ENZAX.mjs";
import "./part-YZV55Q6W.mjs";
import "./part-VSPVQXQA.mjs";
import "./part-FC47WEGA.mjs";
import "./part-WCGJA2CV.mjs";
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
import "./part-VN46M4JG.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-44RGVNPP.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import "./part-BLKE3M3L.mjs";
import "./part-D2FKOHA5.mjs";
import {
  count
} from "./part-6OJ4LJWQ.mjs";
import "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
