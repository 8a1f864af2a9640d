import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
