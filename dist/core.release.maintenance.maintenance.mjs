import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace
} from "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.fields.mjs";
import {
  line
} from "./shared.core.presentation.columns.mjs";
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
