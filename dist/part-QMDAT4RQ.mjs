import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  terminalText
} from "./part-NAYIQHOK.mjs";
import {
  __name
} from "./part-MG6UW7XN.mjs";

// core/shared/errors.ts
var TollgateError = class extends Error {
  static {
    __name(this, "TollgateError");
  }
  code;
  next;
  constructor(code, what, next) {
    super(terminalText(next === "" ? what : `${what}

${next}`));
    this.name = "TollgateError";
    this.code = code;
    this.next = next;
  }
};

export {
  TollgateError
};
