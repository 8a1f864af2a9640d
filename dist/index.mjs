import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/module/index.ts
var approval = /* @__PURE__ */ __name(() => import("./core.module.approval.mjs"), "approval");
var audit = /* @__PURE__ */ __name(() => import("./core.module.audit.mjs"), "audit");
var ci = /* @__PURE__ */ __name(() => import("./core.module.ci.mjs"), "ci");
var config = /* @__PURE__ */ __name(() => import("./core.module.config.mjs"), "config");
var database = /* @__PURE__ */ __name(() => import("./core.module.database.mjs"), "database");
var ecpay = /* @__PURE__ */ __name(() => import("./core.module.ecpay.mjs"), "ecpay");
var image = /* @__PURE__ */ __name(() => import("./core.module.image.mjs"), "image");
var ledger = /* @__PURE__ */ __name(() => import("./core.module.ledger.mjs"), "ledger");
var load = /* @__PURE__ */ __name(() => import("./core.module.load.mjs"), "load");
var policy = /* @__PURE__ */ __name(() => import("./core.module.policy.mjs"), "policy");
var release = /* @__PURE__ */ __name(() => import("./core.module.release.mjs"), "release");
var sandbox = /* @__PURE__ */ __name(() => import("./core.module.sandbox.mjs"), "sandbox");
var scan = /* @__PURE__ */ __name(() => import("./core.module.scan.mjs"), "scan");
var test = /* @__PURE__ */ __name(() => import("./core.module.test.mjs"), "test");
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
