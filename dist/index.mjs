import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./part-MG6UW7XN.mjs";

// core/module/index.ts
var approval = /* @__PURE__ */ __name(() => import("./part-Z3WHEDXR.mjs"), "approval");
var audit = /* @__PURE__ */ __name(() => import("./part-N2FCDYU2.mjs"), "audit");
var ci = /* @__PURE__ */ __name(() => import("./part-IKU2VSEH.mjs"), "ci");
var config = /* @__PURE__ */ __name(() => import("./part-IF32QVH5.mjs"), "config");
var database = /* @__PURE__ */ __name(() => import("./part-SPCQPBGR.mjs"), "database");
var ecpay = /* @__PURE__ */ __name(() => import("./part-2NFQGY2W.mjs"), "ecpay");
var image = /* @__PURE__ */ __name(() => import("./part-PXNQKA7S.mjs"), "image");
var ledger = /* @__PURE__ */ __name(() => import("./part-UCPAKDEH.mjs"), "ledger");
var load = /* @__PURE__ */ __name(() => import("./part-E7ATJ7JN.mjs"), "load");
var policy = /* @__PURE__ */ __name(() => import("./part-CIE6WBLE.mjs"), "policy");
var release = /* @__PURE__ */ __name(() => import("./part-ZQF2Q3WL.mjs"), "release");
var sandbox = /* @__PURE__ */ __name(() => import("./part-ZYTLIYYK.mjs"), "sandbox");
var scan = /* @__PURE__ */ __name(() => import("./part-O5ATDVEA.mjs"), "scan");
var test = /* @__PURE__ */ __name(() => import("./part-C3IZGIV5.mjs"), "test");
export {
  approval,
  audit,
  ci,
  config,
  database,
  ecpay,
  image,
  ledger,
  load,
  policy,
  release,
  sandbox,
  scan,
  test
};
