import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);

// core/shared/version.ts
var version = "0.1.0";

export {
  version
};
