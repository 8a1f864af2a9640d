import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  checkEcpay
} from "./shared.core.ecpay.answer.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.shared.nearest.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  checkEcpay
};
