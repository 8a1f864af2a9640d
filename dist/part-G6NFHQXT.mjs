import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  checkEcpay,
  ecpayScreen
} from "./part-LL7YKWEH.mjs";
import {
  GateFailed
} from "./part-GGRBBHK5.mjs";
import "./part-V4KHYDLR.mjs";
import {
  environmentSettings
} from "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-TRWHWWHX.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
import "./part-E2FMAEHI.mjs";
import "./part-NLTUT5GC.mjs";
import "./part-6OJ4LJWQ.mjs";
import "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

// core/ecpay/deploy.ts
var deployWork = /* @__PURE__ */ __name(async ({ environment, secrets }, settings) => {
  const { variables } = environmentSettings(settings, environment);
  if (secrets === null || !variables.some(({ name }) => name === "ECPAY_HASH_KEY"))
    return { kind: "skipped", note: "this environment has no ECPay credentials of its own" };
  const result = await checkEcpay(settings, environment, await secrets());
  if (result.verdict.kind === "failed") throw new GateFailed("ecpay", ecpayScreen(result));
  return { kind: "done", note: `${result.endpoint} answered, signed with the same key` };
}, "deployWork");
export {
  deployWork
};
