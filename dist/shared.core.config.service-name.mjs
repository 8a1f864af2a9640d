import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/config/service-name.ts
var RELEASE_ID = 20;
var LABEL = 63;
var LONGEST_SERVICE = LABEL - "-web-".length - RELEASE_ID;
var SERVICE_NAME = new RegExp(`^(?=.{1,${LONGEST_SERVICE}}$)[a-z](?:[a-z0-9-]*[a-z0-9])?$`);
function serviceName(given, image) {
  const last = (image ?? "").split("/").at(-1)?.replace(/[^a-z0-9-]+/g, "-").replace(/^[^a-z]+/, "").slice(0, LONGEST_SERVICE).replace(/-+$/, "") ?? "";
  return given ?? (last === "" ? "service" : last);
}
__name(serviceName, "serviceName");

export {
  LONGEST_SERVICE,
  SERVICE_NAME,
  serviceName
};
