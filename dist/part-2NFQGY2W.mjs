import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  checkEcpay,
  ecpayScreen
} from "./part-LL7YKWEH.mjs";
import {
  requirePassed
} from "./part-GGRBBHK5.mjs";
import {
  readSettings
} from "./part-HGH33Z2U.mjs";
import "./part-P4AOQKWM.mjs";
import "./part-V4KHYDLR.mjs";
import "./part-CDOJMAX2.mjs";
import {
  environmentSettings
} from "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-TRWHWWHX.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
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

// core/ecpay/prove.ts
async function proveEcpay(source, environment, secrets) {
  const settings = await readSettings(source);
  environmentSettings(settings, environment);
  return checkEcpay(settings, environment, await secrets.plaintext());
}
__name(proveEcpay, "proveEcpay");

// core/module/ecpay.ts
async function checkEcpay2(source, { env, secrets }) {
  const result = await proveEcpay(source, env, secrets);
  return requirePassed("ecpay", result.verdict.kind === "passed", ecpayScreen(result));
}
__name(checkEcpay2, "checkEcpay");
export {
  checkEcpay2 as checkEcpay
};
