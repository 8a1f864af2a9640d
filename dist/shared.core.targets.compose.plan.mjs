import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/compose/plan.ts
function planOf({ release, image }, target) {
  const { web, ...workers } = release.processes;
  return {
    service: serviceName(release.name, image.name),
    network: target.network,
    folder: target.folder,
    proxy: target.proxy,
    port: image.port,
    healthPath: release.healthPath ?? image.health,
    healthSeconds: release.healthTimeout,
    drainSeconds: release.drain,
    retain: release.retain,
    webCommand: web?.command ?? null,
    workers: Object.entries(workers).map(([name, { command }]) => ({ name, command })),
    fence: null
  };
}
__name(planOf, "planOf");

export {
  planOf
};
