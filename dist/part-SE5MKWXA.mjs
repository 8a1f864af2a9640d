import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  openReleaseLedger
} from "./part-NRNBA6MD.mjs";
import {
  openPlace
} from "./part-CSTEAKS5.mjs";
import "./part-CDBOZJWY.mjs";
import "./part-UKQXAI4R.mjs";
import "./part-XFI53PIW.mjs";
import "./part-V7BMS5AC.mjs";
import {
  version
} from "./part-WL6TP67H.mjs";
import "./part-UPUSMKYT.mjs";
import "./part-TRWHWWHX.mjs";
import "./part-43SSZ4HE.mjs";
import "./part-ZBLX4TU7.mjs";
import {
  runId
} from "./part-ON7WC4SY.mjs";
import "./part-IXMV6XYW.mjs";
import "./part-E2FMAEHI.mjs";
import {
  line
} from "./part-NLTUT5GC.mjs";
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

// core/release/maintenance/maintenance.ts
async function setMaintenance(settings, { environment, on, message, who, access, ledger: url, sandbox }, entryPoint) {
  const place = await openPlace(settings, environment, entryPoint, access, sandbox);
  try {
    await place.target.maintenance(on ? { kind: "on", message } : { kind: "off" });
    const { maintenance } = await place.target.running();
    const path = askedPath(settings, on);
    const answer = await place.target.requestLive({ method: "GET", path });
    const said = answer.kind === "silent" ? answer.why : `answered ${answer.status}`;
    const right = maintenance.kind === (on ? "on" : "off") && answer.kind === "answered" && (on ? answer.status === 503 : answer.status >= 200 && answer.status <= 299);
    if (!right)
      throw new TollgateError(
        "maintenance-not-seen",
        `Maintenance mode of ${environment} was turned ${on ? "on" : "off"}, but GET ${path} ${said}.`,
        "`tollgate status` shows what is running."
      );
    const written = await writeDown();
    return `${[line(`Tollgate ${version} \xB7 maintenance \xB7 ${environment}`), "", line(`GET ${path} ${said}${on ? `: ${message}` : ""}`), ...written === "" ? [] : [line(`warning: ${written}`)], "", `MAINTENANCE ${on ? "ON" : "OFF"}: ${environment} is ${on ? "closed" : "open"}`].join("\n")}
`;
  } finally {
    await place.target.close();
  }
  async function writeDown() {
    const opened = await openReleaseLedger(settings, place, entryPoint, url, "wanted", (text) => text);
    if (opened === null) return "no ledger: this change is not recorded";
    try {
      await opened.ledger.record(
        { service: settings.ledger.service, environment, release: null, run: runId(/* @__PURE__ */ new Date()), token: null, who },
        { kind: "maintenance", on, message }
      );
      return opened.ledger.state.kind === "away" ? "the ledger is unreachable: the next run that reaches it records this change" : "";
    } finally {
      await opened.close();
    }
  }
  __name(writeDown, "writeDown");
}
__name(setMaintenance, "setMaintenance");
function askedPath({ release, image }, on) {
  const health = release.healthPath ?? image.health;
  return on ? [release.version?.path, "/"].find((path) => path !== void 0 && path !== health) ?? "/closed" : health;
}
__name(askedPath, "askedPath");
export {
  setMaintenance
};
