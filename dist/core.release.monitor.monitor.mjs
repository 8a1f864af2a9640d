import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  readFigures,
  watch
} from "./shared.core.release.monitor.progress.mjs";
import {
  windowOf
} from "./shared.core.release.monitor.judge.mjs";
import "./shared.core.shared.interruption.mjs";
import {
  serviceVariables
} from "./shared.core.release.session.values.mjs";
import {
  openPlace
} from "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.fields.mjs";
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/monitor/monitor.ts
async function monitorEnvironment(settings, { environment, window, access, secrets, sandbox }, entryPoint) {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox);
  try {
    const { live, maintenance } = await place.target.running();
    if (live.kind !== "live")
      throw new TollgateError(
        "monitor-nothing",
        `No release has the traffic of ${environment}: ${live.kind}.`,
        "`tollgate status` shows what is running."
      );
    const { instance } = live;
    const values = await serviceVariables(settings, environment, place.variables, secrets);
    const own = { ...settings.release.monitor, window: window ?? settings.release.monitor.window };
    const before = everythingBefore(await readFigures(place.target, instance, own, values));
    const result = await watch({ target: place.target, instance, settings: own, values, before, maintenance });
    return {
      service: serviceName(settings.release.name, settings.image.name),
      environment,
      release: instance.release,
      version: instance.version,
      result
    };
  } finally {
    await place.target.close();
  }
}
__name(monitorEnvironment, "monitorEnvironment");
function everythingBefore(now) {
  const nothing = { at: now.traffic.at, requests: [], durations: [] };
  return windowOf({ traffic: nothing, payments: null, connections: null }, now);
}
__name(everythingBefore, "everythingBefore");
export {
  monitorEnvironment
};
