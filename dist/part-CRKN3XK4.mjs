import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  planOf
} from "./part-ESRUR3T6.mjs";
import "./part-BLKE3M3L.mjs";
import "./part-MG6UW7XN.mjs";
export {
  planOf
};
