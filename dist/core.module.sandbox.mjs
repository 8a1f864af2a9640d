import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  sandboxService
} from "./shared.core.targets.sandbox.machine.mjs";
import "./shared.core.qa.run-id.mjs";
import "./shared.runtime.mjs";
export {
  sandboxService as sandbox
};
