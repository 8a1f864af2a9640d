import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);

// core/shared/service-health.ts
var SERVICE_HEALTH = { interval: "1s", timeout: "5s", startPeriod: "90s", startInterval: "200ms", retries: 3 };

export {
  SERVICE_HEALTH
};
