import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  ecpayScreen
} from "./shared.core.ecpay.screen.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.shared.figures.mjs";
import "./shared.core.shared.plain-text.mjs";
import "./shared.runtime.mjs";
export {
  ecpayScreen
};
