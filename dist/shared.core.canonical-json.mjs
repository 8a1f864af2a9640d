import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  __commonJS,
  __name,
  __toESM
} from "./shared.runtime.mjs";

// node_modules/canonicalize/lib/canonicalize.js
var require_canonicalize = __commonJS({
  "node_modules/canonicalize/lib/canonicalize.js"(exports, module) {
    "use strict";
    module.exports = /* @__PURE__ */ __name(function serialize(object) {
      if (typeof object === "number" && isNaN(object)) {
        throw new Error("NaN is not allowed");
      }
      if (typeof object === "number" && !isFinite(object)) {
        throw new Error("Infinity is not allowed");
      }
      if (object === null || typeof object !== "object") {
        return JSON.stringify(object);
      }
      if (object.toJSON instanceof Function) {
        return serialize(object.toJSON());
      }
      if (Array.isArray(object)) {
        const values2 = object.reduce((t, cv, ci) => {
          const comma = ci === 0 ? "" : ",";
          const value = cv === void 0 || typeof cv === "symbol" ? null : cv;
          return `${t}${comma}${serialize(value)}`;
        }, "");
        return `[${values2}]`;
      }
      const values = Object.keys(object).sort().reduce((t, cv) => {
        if (object[cv] === void 0 || typeof object[cv] === "symbol") {
          return t;
        }
        const comma = t.length === 0 ? "" : ",";
        return `${t}${comma}${serialize(cv)}:${serialize(object[cv])}`;
      }, "");
      return `{${values}}`;
    }, "serialize");
  }
});

// core/canonical-json.ts
var import_canonicalize = __toESM(require_canonicalize(), 1);
var LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;
function canonicalJson(value) {
  const text = written(value);
  if (text === void 0 || LONE_SURROGATE.test(text))
    throw new TypeError("a string with a lone surrogate has no canonical form");
  return text;
}
__name(canonicalJson, "canonicalJson");
function written(value) {
  try {
    return (0, import_canonicalize.default)(value);
  } catch (error) {
    throw new TypeError("NaN and infinity have no canonical form", { cause: error });
  }
}
__name(written, "written");

export {
  canonicalJson
};
