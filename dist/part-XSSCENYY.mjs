import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  SshConnection
} from "./part-5WNMDSZZ.mjs";
import "./part-4YOCKKVQ.mjs";
import "./part-H77J74CN.mjs";
import "./part-YHTQYKPH.mjs";
import "./part-2D3WVQEM.mjs";
import "./part-D2FKOHA5.mjs";
import "./part-6OJ4LJWQ.mjs";
import "./part-QMDAT4RQ.mjs";
import "./part-TJ6QXGHL.mjs";
import "./part-NAYIQHOK.mjs";
import "./part-MG6UW7XN.mjs";
export {
  SshConnection
};
