import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  sandboxService
} from "./part-BVZSQLKW.mjs";
import "./part-ON7WC4SY.mjs";
import "./part-MG6UW7XN.mjs";
export {
  sandboxService as sandbox
};
