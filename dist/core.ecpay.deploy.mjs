import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  checkEcpay,
  ecpayScreen
} from "./shared.core.ecpay.answer.mjs";
import {
  GateFailed
} from "./shared.core.gate.failed.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
