import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  readFigures,
  watch
} from "./part-IGGACQ4E.mjs";
import {
  windowOf
} from "./part-HYTLFUJU.mjs";
import "./part-4BNPIVHQ.mjs";
import {
  serviceVariables
} from "./part-DQ6NYRMQ.mjs";
import {
  openPlace
} from "./part-CSTEAKS5.mjs";
import "./part-CDBOZJWY.mjs";
import "./part-UKQXAI4R.mjs";
import "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import "./part-WL6TP67H.mjs";
import "./part-UPUSMKYT.mjs";
import "./part-TRWHWWHX.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-E2FMAEHI.mjs";
import {
  serviceName
} from "./part-BLKE3M3L.mjs";
import "./part-4YOCKKVQ.mjs";
import "./part-6OJ4LJWQ.mjs";
import {
  TollgateError
} from "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
