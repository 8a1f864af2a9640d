import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  checkEcpay,
  ecpayScreen
} from "./shared.core.ecpay.answer.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
