import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __name
} from "./shared.runtime.mjs";

// core/config/service-name.ts
function serviceName(given, image) {
  const last = (image ?? "").split("/").at(-1)?.replace(/[^a-z0-9-]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 40) ?? "";
  return given ?? (last === "" ? "service" : last);
}
__name(serviceName, "serviceName");

export {
  serviceName
};
