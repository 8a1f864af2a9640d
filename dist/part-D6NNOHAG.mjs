import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  planScreen
} from "./part-D52H72SW.mjs";
import "./part-WL6TP67H.mjs";
import "./part-NLTUT5GC.mjs";
import "./part-6OJ4LJWQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import "./part-MG6UW7XN.mjs";
export {
  planScreen
};
