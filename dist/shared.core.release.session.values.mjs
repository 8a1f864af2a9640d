import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/session/values.ts
async function serviceVariables(settings, environment, own, secrets) {
  const defaults = environmentSettings(settings, environment).variables.flatMap(
    ({ name, default: value }) => value === null ? [] : [[name, value]]
  );
  const given = secrets === null ? [] : readDotenv(await secrets()).values;
  return new Map([...own, ...defaults, ...given]);
}
__name(serviceVariables, "serviceVariables");

export {
  serviceVariables
};
