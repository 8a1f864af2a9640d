import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/config/ecpay-endpoint.ts
function isOfficial(endpoint) {
  return /^https:\/\/[a-z0-9-]+\.ecpay\.com\.tw(:443)?$/i.test(endpoint);
}
__name(isOfficial, "isOfficial");
function isProduction(endpoint) {
  return isOfficial(endpoint) && !/^https:\/\/[a-z0-9]+-stage\./i.test(endpoint);
}
__name(isProduction, "isProduction");

export {
  isOfficial,
  isProduction
};
