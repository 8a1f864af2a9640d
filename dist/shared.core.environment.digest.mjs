import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  serviceName
} from "./shared.core.config.service-name.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/session/release-id.ts
import { randomBytes } from "node:crypto";
function releaseId(now) {
  const digits = now.toISOString().replace(/\D/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString("hex")}`;
}
__name(releaseId, "releaseId");
var VERSION = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
function isVersion(text) {
  return VERSION.test(text);
}
__name(isVersion, "isVersion");

// core/secrets/redact-error.ts
function redactedError(error, redact) {
  if (!(error instanceof Error)) return error;
  const message = redact(error.message);
  if (message === error.message) return error;
  const stack = redact(error.stack ?? "");
  error.message = message;
  error.stack = stack;
  return error;
}
__name(redactedError, "redactedError");

// core/release/plan/bound-settings.ts
function boundSettings(settings, environment) {
  const { app, qa, image, scan, release, database } = settings;
  const { target, gates, migrations, variables, ecpay, approvals, freeze, production } = environmentSettings(
    settings,
    environment
  );
  const { proxy, ...where } = target.kind === "none" ? { ...target, proxy: null } : target;
  const { processes, smoke, monitor, retain, version, name, before: _, ...health } = release;
  return {
    processes: jsonOf({ name: serviceName(name, image.name), processes, port: image.port }),
    target: jsonOf(where),
    proxy: jsonOf(proxy),
    health: jsonOf({ ...health, path: release.healthPath ?? image.health, version }),
    smoke: jsonOf(smoke),
    monitor: jsonOf(monitor),
    retain: jsonOf(retain),
    gates: jsonOf({ gates, app, qa, image, scan, ecpay }),
    config: jsonOf(variables),
    database: jsonOf({ migrations, database }),
    rules: jsonOf({ approvals, freeze, production })
  };
}
__name(boundSettings, "boundSettings");
var json = external_exports.json();
function jsonOf(value) {
  return json.parse(JSON.parse(JSON.stringify(value)));
}
__name(jsonOf, "jsonOf");

// core/environment/digest.ts
import { scryptSync } from "node:crypto";
function configDigest(environment, values) {
  const whole = JSON.stringify([...values].sort(([one], [other]) => one < other ? -1 : 1));
  return `scrypt:${scryptSync(whole, `tollgate configuration of ${environment}`, 32, { N: 1 << 14, r: 8, p: 1 }).toString("hex")}`;
}
__name(configDigest, "configDigest");

export {
  releaseId,
  isVersion,
  redactedError,
  boundSettings,
  configDigest
};
