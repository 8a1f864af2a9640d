import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  environmentSettings
} from "./part-XFI53PIW.mjs";
import {
  readDotenv
} from "./part-ZBLX4TU7.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

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
